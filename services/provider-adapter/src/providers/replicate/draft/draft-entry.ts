import type { JsonObject, JsonValue } from '@bufbuild/protobuf';
import { readEntry } from '../../../catalog/data-files.ts';
import type { DraftedModel } from '../../provider.ts';
import { type InputField, inputFields, schemasOf } from './input-schema.ts';
import { readersOf } from './known-fields.ts';
import { imagesOf } from './known-images.ts';
import { sidesOf } from './known-sides.ts';

/** What Replicate publishes of a model, as far as it is used. */
export interface PublishedModel extends JsonObject {
  owner: string;
  name: string;
}

type Capabilities = Record<string, JsonObject>;

/** Drafts the entry of a model. Fields that nothing of the vocabulary stands for are left to `provider_options`. */
export function draftEntry(published: PublishedModel, provider: string): DraftedModel {
  const { owner, name, chosen, latest_version: latest, is_official: isOfficial } = published;
  const version = object(chosen ?? latest);
  const fields = inputFields(version.openapi_schema);
  const { capabilities, notes, options } = sort(fields);
  const isNamed = isOfficial === true && chosen === undefined;
  const entry = {
    name: `models/${idOf(`${provider}-${owner}-${name}`)}`,
    display_name: `${owner}/${name}`.slice(0, 128),
    description: String(published.description ?? '').slice(0, 2_048),
    provider,
    native_model: isNamed ? `${owner}/${name}` : `${owner}/${name}:${String(version.id)}`,
    state: 'experimental',
    tasks: tasksOf(fields, capabilities),
    max_images_per_request: Number(capabilities.count?.max ?? 1),
    ...latency(published),
    capabilities: { ...emulated(capabilities), ...capabilities },
    ...(options.length > 0 && {
      options_schema: {
        type: 'object',
        additionalProperties: false,
        properties: Object.fromEntries(options.map((field) => [field.name, field.schema])),
      },
    }),
    ...(typeof published.license_url === 'string' && { terms: { license: published.license_url } }),
  };
  const { model, faults } = readEntry(entry, { hasProvider: () => true });
  if (model === undefined)
    throw new Error(`the draft of ${owner}/${name} is broken: ${JSON.stringify(faults)}`);
  return {
    model,
    notes: [...notes, ...generalNotes(published, fields, capabilities, version, options)],
  };
}

interface Sorted {
  readonly capabilities: Capabilities;
  readonly notes: string[];
  /** Fields that stay the model's own. */
  readonly options: InputField[];
}

function sort(fields: readonly InputField[]): Sorted {
  const capabilities: Capabilities = {};
  const notes: string[] = [];
  const images = imagesOf(fields);
  const sides = sidesOf(fields);
  const used = new Set([...images.used, ...sides.used]);
  const readers = readersOf(fields);
  const take = (known: { capabilities: Readonly<Capabilities>; notes?: readonly string[] }): boolean => {
    const entries = Object.entries(known.capabilities).filter(([field]) => !(field in capabilities));
    if (entries.length === 0 || !isSound(Object.fromEntries(entries))) return false;
    Object.assign(capabilities, Object.fromEntries(entries));
    notes.push(...(known.notes ?? []));
    return true;
  };
  for (const field of fields) {
    const known = used.has(field.name) ? undefined : readers.get(field.name)?.(field);
    if (known !== undefined && take(known)) used.add(field.name);
  }
  for (const known of [sides, images]) {
    if (Object.keys(known.capabilities).length > 0 && !take(known))
      for (const name of known.used) used.delete(name);
  }
  return { capabilities, notes, options: fields.filter(({ name }) => !used.has(name)) };
}

/** Whether the catalog would take these: a schema may say what no entry can. */
function isSound(capabilities: Capabilities): boolean {
  const entry = {
    name: 'models/draft',
    provider: 'draft',
    native_model: 'draft',
    tasks: ['generate'],
    max_images_per_request: 1,
    capabilities,
  };
  return readEntry(entry, { hasProvider: () => true }).faults.length === 0;
}

/** What the platform has other means for, where the model has a prompt and a picture to crop. */
function emulated(capabilities: Capabilities): Capabilities {
  const means = { support: 'emulated' };
  const byWords = 'prompt' in capabilities ? { negative_prompt: means, style: means } : {};
  return { ...byWords, size: means, output_format: means, compression: means };
}

function tasksOf(fields: readonly InputField[], capabilities: Capabilities): string[] {
  const init = capabilities.init_image;
  if (init === undefined) return ['generate'];
  const path = String(init.native).replace('[]', '');
  const needsInit = fields.some(({ name, isRequired }) => name === path && isRequired);
  const masked = capabilities.mask_image === undefined ? [] : ['inpaint'];
  return [...(needsInit ? [] : ['generate']), 'edit', ...masked];
}

function latency({ default_example: example }: PublishedModel): { typical_latency_ms?: number } {
  const seconds = object(object(example).metrics).predict_time;
  return typeof seconds === 'number' && seconds > 0
    ? { typical_latency_ms: Math.ceil(seconds * 2) * 1_000 }
    : {};
}

function generalNotes(
  published: PublishedModel,
  fields: readonly InputField[],
  capabilities: Capabilities,
  version: JsonObject,
  options: readonly InputField[],
): string[] {
  const unmapped = options.map(({ name }) => name);
  const needed = options.filter(({ isRequired, default: usual }) => isRequired && usual === undefined);
  const output = object(schemasOf(version.openapi_schema).Output);
  const isImage = output.format === 'uri' || object(output.items).format === 'uri';
  return [
    ...(fields.length === 0
      ? ['Replicate publishes no schema of it: the draft knows nothing of its input.']
      : []),
    ...(capabilities.prompt === undefined ? ['No field is known to take the prompt.'] : []),
    ...(isImage ? [] : ['Its output is not said to be an image or a list of images.']),
    ...needed.map(
      ({ name }) => `It needs ${name}, which the draft does not send: set a constant or a capability.`,
    ),
    ...(unmapped.length === 0
      ? []
      : [`Left to provider_options, as nothing of the vocabulary stands for them: ${unmapped.join(', ')}.`]),
    'The price is not in what Replicate publishes: until it is set, cost is unknown.',
    `The terms are not in it either${published.license_url ? ', but for the licence' : ''}: see whether commercial use is allowed.`,
  ];
}

function idOf(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[^a-z0-9._-]+/g, '-')
    .slice(0, 63);
}

function object(value: JsonValue | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}
