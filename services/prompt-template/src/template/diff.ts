import type { JsonValue } from '@bufbuild/protobuf';

/** A difference between two documents, with JSON values; undefined where there is none. */
export interface Difference {
  readonly path: string;
  readonly before: JsonValue | undefined;
  readonly after: JsonValue | undefined;
}

/**
 * What differs between two values, field by field, in the order of paths. Lists are compared position by position; what
 * is on one side only is one difference, however much is in it.
 */
export function diffJson(
  before: JsonValue | undefined,
  after: JsonValue | undefined,
  path: string,
): Difference[] {
  if (Array.isArray(before) && Array.isArray(after)) {
    const length = Math.max(before.length, after.length);
    return Array.from({ length }, (_, index) =>
      diffJson(before[index], after[index], `${path}[${index}]`),
    ).flat();
  }
  if (isObject(before) && isObject(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
    return keys.flatMap((key) => diffJson(own(before, key), own(after, key), `${path}${step(key)}`));
  }
  return JSON.stringify(before) === JSON.stringify(after) ? [] : [{ path, before, after }];
}

function isObject(value: JsonValue | undefined): value is { [key: string]: JsonValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function own(object: { [key: string]: JsonValue }, key: string): JsonValue | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

function step(key: string): string {
  return /^[a-z_][a-z0-9_]*$/i.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
}
