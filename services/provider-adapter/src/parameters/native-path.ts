import type { JsonObject, JsonValue } from '@bufbuild/protobuf';

/** One step of a native path: a key, and whether the value below it is a list of which each value takes one place. */
interface Step {
  readonly key: string;
  readonly isList: boolean;
}

/** Keys may be numbers and hold colons: the nodes of a graph have such names, and are keys of an object all the same. */
const STEP = /^([A-Za-z0-9_$][A-Za-z0-9_$:-]*)(\[\])?$/;

/**
 * Reads a path such as `input.num_outputs`, `loras[].path` or `prompt.6.inputs.text`; undefined for a text that is none. `__proto__` and its like
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

/**
 * Merges one body into another, objects into objects. Gives the paths at which both have a value; nothing is changed
 * where there are any.
 */
export function mergeBody(body: JsonObject, more: JsonObject): string[] {
  const taken = conflicts(body, more, '');
  if (taken.length === 0) merge(body, more);
  return taken;
}

function conflicts(body: JsonObject, more: JsonObject, path: string): string[] {
  return Object.entries(more).flatMap(([key, value]) => {
    const below = path === '' ? key : `${path}.${key}`;
    const present = Object.hasOwn(body, key) ? body[key] : undefined;
    if (present === undefined) return [];
    return isObject(present) && isObject(value) ? conflicts(present, value, below) : [below];
  });
}

function merge(body: JsonObject, more: JsonObject): void {
  for (const [key, value] of Object.entries(more)) {
    const present = Object.hasOwn(body, key) ? body[key] : undefined;
    if (isObject(present) && isObject(value)) merge(present, value);
    else Object.defineProperty(body, key, { value, enumerable: true, writable: true, configurable: true });
  }
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
