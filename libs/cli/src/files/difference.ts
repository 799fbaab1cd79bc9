import type { JsonValue } from '@bufbuild/protobuf';
import { at, isObject } from './decode.ts';

/** What differs at one path between two documents. */
export interface Difference {
  readonly path: string;
  readonly before: JsonValue | undefined;
  readonly after: JsonValue | undefined;
}

/**
 * What differs between two values of JSON, by path. Items of lists are matched by their `id` or `name` where all have one,
 * so that a question put in the middle is one difference.
 */
export function differences(
  before: JsonValue | undefined,
  after: JsonValue | undefined,
  path = '',
): Difference[] {
  const [old, next] = [keyed(before), keyed(after)];
  if (old !== undefined && next !== undefined) {
    const keys = [...new Set([...old.keys(), ...next.keys()])];
    const isList = Array.isArray(before) || Array.isArray(after);
    return keys.flatMap((key) =>
      differences(old.get(key), next.get(key), isList ? `${path}[${key}]` : at(path, key)),
    );
  }
  return JSON.stringify(before) === JSON.stringify(after) ? [] : [{ path, before, after }];
}

/** A container as its parts by name; undefined for what has none. */
function keyed(value: JsonValue | undefined): Map<string, JsonValue> | undefined {
  if (Array.isArray(value)) {
    const names = value.map((item) => (isObject(item) ? (item.id ?? item.name) : undefined));
    const isNamed = names.every((name) => typeof name === 'string') && new Set(names).size === names.length;
    return new Map(value.map((item, index) => [isNamed ? String(names[index]) : String(index), item]));
  }
  return isObject(value) ? new Map(Object.entries(value)) : undefined;
}

/** Differences in lines: what goes after a minus, what comes after a plus. */
export function differenceLines(found: readonly Difference[]): string[] {
  return found.flatMap(({ path, before, after }) => [`${path}:`, ...side('-', before), ...side('+', after)]);
}

function side(sign: string, value: JsonValue | undefined): string[] {
  if (value === undefined) return [];
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.split('\n').map((line) => `  ${sign} ${line}`);
}
