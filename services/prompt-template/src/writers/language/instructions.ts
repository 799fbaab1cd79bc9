import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** What a language model is told to do; each is a file in `instructions/`. */
export type Task = 'expand' | 'refine' | 'edit';

/** The instructions for a task. */
export interface Instructions {
  /** What goes to the model, as it stands. Nothing of a caller is ever put into it. */
  readonly text: string;
  /**
   * `expand@1-3fa9c2d1`: the task, the version that the file names, and the first eight hexadecimal digits of the file's
   * SHA-256, so that a change whose author forgot the version is another version all the same.
   */
  readonly name: string;
}

const FRONT_MATTER = /^---\nversion: ([1-9]\d*)\n---\n+/;

/** Reads the instructions for a task. Throws where the file does not begin with its version. */
export function readInstructions(task: Task): Instructions {
  return parseInstructions(task, readFileSync(new URL(`./instructions/${task}.md`, import.meta.url)));
}

/** The instructions that a file holds. */
export function parseInstructions(task: Task, file: Uint8Array): Instructions {
  const source = new TextDecoder('utf-8', { fatal: true }).decode(file);
  const [head = '', version] = FRONT_MATTER.exec(source) ?? [];
  if (version === undefined) throw new Error(`the instructions for ${task} do not begin with their version`);
  const digest = createHash('sha256').update(file).digest('hex');
  return { text: source.slice(head.length).trim(), name: `${task}@${version}-${digest.slice(0, 8)}` };
}
