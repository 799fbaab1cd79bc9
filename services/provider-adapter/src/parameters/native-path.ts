import type { JsonObject, JsonValue } from '@bufbuild/protobuf';

/** One step of a native path: a key, and whether the value below it is a list of which each value takes one place. */
interface Step {
  readonly key: string;
  readonly isList: boolean;
}

const STEP = /^([A-Za-z_$][A-Za-z0-9_$-]*)(\[\])?$/;

/**
 * Reads a path such as `input.num_outputs` or `loras[].path`; undefined for a text that is none. `__proto__` and its like
 * are refused, since entries come in at run time.
 */
export function parsePath(path: string): readonly Step[] | undefined {
  const steps: Step[] = [];
  for (const part of path.split('.')) {
    const match = STEP.exec(part);
    const key = match?.[1];
    if (key === undefined || ['__proto__', 'constructor', 'prototype'].includes(key)) return undefined;
    steps.push({ key, isList: match?.[2] !== undefined });
  }
  return steps;
}

/**
 * Puts a value at a path of a native body, making objects and lists on the way. `index` is the place in the list that the
 * path's `[]` speaks of.
 */
export function setPath(body: JsonObject, path: string, value: JsonValue, index = 0): void {
  const steps = parsePath(path);
  if (steps === undefined) throw new TypeError(`"${path}" is not a native path`);
  let node = body;
  for (const [position, { key, isList }] of steps.entries()) {
    const isLast = position === steps.length - 1;
    if (isList) {
      const list = child(node, key, () => []) as JsonValue[];
      if (isLast) list[index] = value;
      else {
        list[index] ??= {};
        node = list[index] as JsonObject;
      }
    } else if (isLast) node[key] = value;
    else node = child(node, key, () => ({})) as JsonObject;
  }
}

function child(node: JsonObject, key: string, make: () => JsonValue): JsonValue {
  node[key] ??= make();
  return node[key];
}

/** Whether something is set at a path. A path into a list asks for the list. */
export function hasPath(body: JsonObject, path: string): boolean {
  let node: JsonValue | undefined = body;
  for (const { key, isList } of parsePath(path) ?? []) {
    if (typeof node !== 'object' || node === null || Array.isArray(node)) return false;
    node = node[key];
    if (isList) return node !== undefined;
  }
  return node !== undefined;
}
