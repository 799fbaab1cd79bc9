import { createHash } from 'node:crypto';
import type { JsonValue } from '@bufbuild/protobuf';

/** JSON with the keys of all objects in code-unit order, so that equal values have equal texts. */
export function canonicalJson(value: JsonValue): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const entries = Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item)}`);
  return `{${entries.join(',')}}`;
}

/** SHA-256 of the canonical JSON, as 64 lower-case hex digits. */
export function contentDigest(value: JsonValue): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex');
}
