import { Ajv2020, type AnySchema, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import type { WireRequest } from '../../src/providers/http/wire-request.ts';

/** A field or value that a vendor has although its specification at hand does not say so. */
export interface Divergence {
  /** What tells it: a part of the error's path and message, as `explain` writes them. */
  readonly error: RegExp;
  /** When it was looked up, and where. */
  readonly source: string;
}

/** Compiles a schema that is part of a document with `components`; unknown fields are forbidden at its top. */
export function closedSchema(document: object, schema: object): ValidateFunction {
  const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: false });
  const { components } = document as { components?: unknown };
  return ajv.compile({ components, ...schema, unevaluatedProperties: false } as AnySchema);
}

/** Every schema of a document closed against unknown fields, wherever it lists fields and does not say otherwise. */
export function closed<T>(value: T): T {
  if (Array.isArray(value)) return value.map(closed) as T;
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, item]) => [key, closed(item)] as const);
  const schema = Object.fromEntries(entries);
  const isOpen = 'properties' in schema && schema.additionalProperties === undefined && !('allOf' in schema);
  return (isOpen ? { ...schema, additionalProperties: false } : schema) as T;
}

/**
 * The fields of a form as an object, so that a schema can look at them: numbers and booleans as such, files as text. A name
 * that comes several times, or ends in `[]`, is a list.
 */
export function formFields({ body }: WireRequest): Record<string, unknown> {
  if (body?.kind !== 'form') throw new Error('the request is no form');
  const fields: Record<string, unknown> = {};
  for (const part of body.parts) {
    const value = 'text' in part ? plain(part.text) : `<${part.facts.mediaType}>`;
    const list = /^(.+)\[\]$/.exec(part.name)?.[1];
    const name = list ?? part.name;
    const present = fields[name];
    if (list === undefined && present === undefined) fields[name] = value;
    else
      fields[name] = [...(Array.isArray(present) ? present : present === undefined ? [] : [present]), value];
  }
  return fields;
}

function plain(text: string): unknown {
  if (text === 'true' || text === 'false') return text === 'true';
  return text !== '' && String(Number(text)) === text ? Number(text) : text;
}

/**
 * What is wrong with some values by a schema, without known divergences. Throws for a divergence that nothing needed, so
 * that the list does not outlive its reasons.
 */
export function faultsOf(
  values: readonly { readonly validate: ValidateFunction; readonly value: unknown }[],
  divergences: readonly Divergence[] = [],
): string[] {
  const needed = new Set<Divergence>();
  const faults: string[] = [];
  for (const { validate, value } of values) {
    if (validate(value)) continue;
    for (const error of validate.errors ?? []) {
      const text = explain(error);
      const known = divergences.find((divergence) => divergence.error.test(text));
      if (known === undefined) faults.push(`${text}: ${JSON.stringify(value).slice(0, 400)}`);
      else needed.add(known);
    }
  }
  const stale = divergences.filter((divergence) => !needed.has(divergence));
  if (stale.length > 0) throw new Error(`not needed any more: ${stale.map(({ error }) => error).join(', ')}`);
  return faults;
}

/** A field that no vendor has. */
const UNKNOWN = 'unknown_to_every_vendor';

/**
 * The places of some values at which a schema takes a field that no vendor has: every object in them is looked at, once for
 * each place and schema, list items as `[]`. A schema with such a place says nothing of what is sent there.
 */
export function openPlaces(
  values: readonly { readonly validate: ValidateFunction; readonly value: unknown }[],
): string[] {
  const seen = new Map<ValidateFunction, Set<string>>();
  const open = new Set<string>();
  for (const { validate, value } of values) {
    const known = seen.get(validate) ?? new Set();
    seen.set(validate, known);
    const whole = structuredClone(value);
    const wasValid = validate(whole);
    for (const [place, object] of objectsIn(whole, '')) {
      if (known.has(place)) continue;
      known.add(place);
      object[UNKNOWN] = 1;
      const isTaken = validate(whole);
      const isNamed = JSON.stringify(validate.errors ?? []).includes(UNKNOWN);
      delete object[UNKNOWN];
      if (wasValid ? isTaken : !isNamed) open.add(place || '/');
    }
  }
  return [...open].sort();
}

function objectsIn(value: unknown, place: string): [string, Record<string, unknown>][] {
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return value.flatMap((item) => objectsIn(item, `${place}[]`));
  const inner = Object.entries(value).flatMap(([key, item]) => objectsIn(item, `${place}/${key}`));
  return [[place, value as Record<string, unknown>], ...inner];
}

function explain({ instancePath, message, params }: ErrorObject): string {
  return `${instancePath || '/'} ${message ?? ''} ${JSON.stringify(params)}`;
}
