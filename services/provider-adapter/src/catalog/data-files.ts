import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Model, ModelSchema } from '@atelier/protos/atelier/provider/v1/model_pb.ts';
import { type FieldViolation, violationsOf } from '@atelier/rpc';
import { fromJson } from '@bufbuild/protobuf';
import { parseDocument } from 'yaml';
import { type EntrySurroundings, entryFaults } from './entry-rules.ts';
import { shapeEntry } from './entry-shape.ts';

/** Where the entries that come with the service lie: one file for each provider. */
export const DATA_DIR = join(import.meta.dirname, 'data');

/** Entries are broken; every fault is named with file, entry and path. */
export class CatalogDataError extends Error {
  override readonly name = 'CatalogDataError';
  readonly faults: readonly FieldViolation[];

  constructor(faults: readonly FieldViolation[]) {
    const lines = faults.map(({ field, description }) => `  ${field}: ${description}`);
    super(`the catalog has broken entries:\n${lines.join('\n')}`);
    this.faults = faults;
  }
}

/** Reads all entries of a directory. Throws a `CatalogDataError` with all faults of all files. */
export async function readCatalog(
  surroundings: EntrySurroundings,
  directory = DATA_DIR,
): Promise<readonly Model[]> {
  const names = (await readdir(directory)).filter((name) => name.endsWith('.yaml')).sort();
  const models: Model[] = [];
  const faults: FieldViolation[] = [];
  for (const name of names) {
    const text = await readFile(join(directory, name), 'utf8');
    const file = readEntries(name, text, surroundings);
    models.push(...file.models);
    faults.push(...file.faults);
  }
  for (const [index, { name }] of models.entries()) {
    const isRepeated = models.findIndex((other) => other.name === name) < index;
    if (isRepeated) faults.push({ field: name, description: 'is defined twice' });
  }
  if (faults.length > 0) throw new CatalogDataError(faults);
  return models;
}

/** The entries of one file: `provider`, `common` (what all entries share) and `models` by id. */
export function readEntries(
  file: string,
  text: string,
  surroundings: EntrySurroundings,
): { readonly models: readonly Model[]; readonly faults: readonly FieldViolation[] } {
  const document = parseDocument(text, { merge: true });
  if (document.errors.length > 0) {
    return {
      models: [],
      faults: document.errors.map(({ message }) => ({ field: file, description: message })),
    };
  }
  const { provider, models: entries } = document.toJS() as {
    provider?: unknown;
    models?: Record<string, object>;
  };
  const models: Model[] = [];
  const faults: FieldViolation[] = [];
  for (const [id, entry] of Object.entries(entries ?? {})) {
    const { model, faults: found } = readEntry({ name: `models/${id}`, provider, ...entry }, surroundings);
    if (model !== undefined) models.push(model);
    faults.push(...found.map((fault) => ({ ...fault, field: `${file}: models.${id}.${fault.field}` })));
  }
  return { models, faults };
}

/** One entry as a message, or what is wrong with it. */
export function readEntry(
  entry: object,
  surroundings: EntrySurroundings,
): { readonly model?: Model; readonly faults: readonly FieldViolation[] } {
  const { json, faults } = shapeEntry(ModelSchema, withListedCapabilities(entry));
  if (faults.length > 0) return { faults };
  const model = fromJson(ModelSchema, json);
  const found = [...violationsOf(ModelSchema, model), ...entryFaults(model, surroundings)];
  return found.length > 0 ? { faults: found } : { model, faults: [] };
}

/** Files write capabilities as a map by field, and a plain native mapping as its path alone. */
function withListedCapabilities(entry: object): object {
  const { capabilities } = entry as { capabilities?: unknown };
  if (typeof capabilities !== 'object' || capabilities === null || Array.isArray(capabilities)) return entry;
  const listed = Object.entries(capabilities).map(([field, capability]) => {
    const { native, ...rest } = (capability ?? {}) as { native?: unknown };
    if (native === undefined) return { field, ...rest };
    const mappings = (Array.isArray(native) ? native : [native]).map((mapping: unknown) =>
      typeof mapping === 'string' ? { path: mapping } : mapping,
    );
    return { field, ...rest, native: mappings };
  });
  return { ...entry, capabilities: listed };
}
