import {
  type DescField,
  type DescMessage,
  fromJson,
  type JsonValue,
  type MessageShape,
} from '@bufbuild/protobuf';
import { UsageError } from '../usage-error.ts';

/** A place in a file, to name it in errors. */
export interface Place {
  readonly file: string;
  /** Path in dots and indices; empty for the whole. */
  readonly path: string;
}

/**
 * Reads a message of the contract from a value in its JSON form: names in camelCase or snake_case, enums by name. A key
 * that the contract does not have, or a value of another type, is a `UsageError` that names file and path.
 */
export function decodeMessage<D extends DescMessage>(
  schema: D,
  value: JsonValue,
  place: Place,
): MessageShape<D> {
  const unknown = [...unknownKeys(schema, value, place.path)];
  if (unknown.length > 0) throw new UsageError(unknown.map((problem) => `${place.file}: ${problem}`));
  try {
    return fromJson(schema, value);
  } catch (error) {
    const { path, message } = deepest(schema, value, place.path, (error as Error).message);
    throw new UsageError(`${place.file}: ${path === '' ? '' : `${path}: `}${message}`);
  }
}

/** A path with one more step. */
export function at(path: string, step: string | number): string {
  if (typeof step === 'number') return `${path}[${step}]`;
  return path === '' ? step : `${path}.${step}`;
}

/** Every value below a message that is a message itself, with its path. */
function* children(
  schema: DescMessage,
  value: JsonValue,
  path: string,
): Generator<[DescMessage, JsonValue, string]> {
  if (!isObject(value)) return;
  for (const [key, item] of Object.entries(value)) {
    const field = fieldOf(schema, key);
    const child = field === undefined ? undefined : messageOf(field);
    if (field === undefined || child === undefined || item === null) continue;
    const below = at(path, key);
    if (field.fieldKind === 'list' && Array.isArray(item)) {
      for (const [index, entry] of item.entries()) yield [child, entry, at(below, index)];
    } else if (field.fieldKind === 'map' && isObject(item)) {
      for (const [name, entry] of Object.entries(item)) yield [child, entry, at(below, name)];
    } else {
      yield [child, item, below];
    }
  }
}

function* unknownKeys(schema: DescMessage, value: JsonValue, path: string): Generator<string> {
  if (isWellKnown(schema)) return;
  if (isObject(value)) {
    for (const key of Object.keys(value)) {
      if (fieldOf(schema, key) === undefined)
        yield `${at(path, key)}: unknown key${suggestion(
          key,
          schema.fields.map(({ jsonName }) => jsonName),
        )}`;
    }
  }
  for (const child of children(schema, value, path)) yield* unknownKeys(...child);
}

/** Where exactly a value does not fit, as deep as messages go. */
function deepest(
  schema: DescMessage,
  value: JsonValue,
  path: string,
  message: string,
): { path: string; message: string } {
  for (const [child, item, below] of children(schema, value, path)) {
    try {
      fromJson(child, item);
    } catch (error) {
      return isWellKnown(child)
        ? { path: below, message: (error as Error).message }
        : deepest(child, item, below, (error as Error).message);
    }
  }
  return { path, message };
}

function fieldOf(schema: DescMessage, key: string): DescField | undefined {
  return schema.fields.find(({ name, jsonName }) => name === key || jsonName === key);
}

function messageOf(field: DescField): DescMessage | undefined {
  return field.message;
}

/** The types of google.protobuf have JSON forms of their own. */
function isWellKnown(schema: DescMessage): boolean {
  return schema.typeName.startsWith('google.protobuf.');
}

export function isObject(value: JsonValue | undefined): value is { [key: string]: JsonValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The name that was probably meant, for the end of a message. */
export function suggestion(key: string, known: readonly string[]): string {
  const plainKey = key.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
  const near = known
    .map((name) => [name, distance(plainKey, name.toLowerCase())] as const)
    .filter(([name, edits]) => edits <= Math.max(1, Math.floor(name.length / 4)))
    .sort((a, b) => a[1] - b[1]);
  return near[0] === undefined ? '' : ` (did you mean ${near[0][0]}?)`;
}

/** Edits of single characters between two words (Levenshtein). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
