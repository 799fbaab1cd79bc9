import type { JsonObject, JsonValue } from '@bufbuild/protobuf';

/** What an answer says of its images. It is text that holds JSON. */
export interface Info {
  /** Where the images begin: a grid of them all may come first. Undefined where the answer does not say. */
  readonly first: number | undefined;
  readonly seeds: readonly JsonValue[];
  readonly prompts: readonly JsonValue[];
  /** The checkpoint that was used, by the name of its file and by its hash. */
  readonly checkpoint: string | undefined;
  readonly checkpointHash: string | undefined;
  /** Names of the weights that were loaded. */
  readonly networks: readonly string[];
  readonly jobTimestamp: JsonValue | undefined;
}

/** Reads the text; one that holds nothing of use says nothing. */
export function readInfo(text: JsonValue | undefined): Info {
  const info = parsed(text);
  const extra = (info.extra_generation_params ?? {}) as JsonObject;
  const hashes = typeof extra['Lora hashes'] === 'string' ? extra['Lora hashes'] : '';
  return {
    first: Number.isSafeInteger(info.index_of_first_image) ? Number(info.index_of_first_image) : undefined,
    seeds: Array.isArray(info.all_seeds) ? info.all_seeds : [],
    prompts: Array.isArray(info.all_prompts) ? info.all_prompts : [],
    checkpoint: textOf(info.sd_model_name),
    checkpointHash: textOf(info.sd_model_hash),
    networks: hashes.split(',').map((entry) => entry.slice(0, entry.lastIndexOf(':')).trim()),
    jobTimestamp: info.job_timestamp,
  };
}

function textOf(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function parsed(text: JsonValue | undefined): JsonObject {
  try {
    const value = JSON.parse(String(text)) as JsonValue;
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  } catch {
    // Images are worth more than what is said of them.
  }
  return {};
}

/** Whether a checkpoint as an entry names it (file, title with its hash, path, or the hash alone) is the one of an answer. */
export function isCheckpoint(asked: string, { checkpoint, checkpointHash }: Info): boolean {
  if (checkpoint === undefined) return true;
  const hash = /\[([0-9a-f]+)\]$/.exec(asked)?.[1] ?? asked;
  if (checkpointHash !== undefined && hash.startsWith(checkpointHash)) return true;
  const name = asked.replace(/ \[[0-9a-f]+\]$/, '').replace(/\.(safetensors|ckpt|gguf|pth?|sft)$/i, '');
  // A folder is parted from the name by a slash, or in one spelling by an underscore.
  return name === checkpoint || ['/', '\\', '_'].some((part) => name.endsWith(part + checkpoint));
}
