import { createHash } from 'node:crypto';
import type { JsonValue } from '@bufbuild/protobuf';
import { imageSlots } from '../../parameters/image-slot.ts';
import type { Submission } from '../provider.ts';

/**
 * A name of our own for a submission, as hex digits: the same in every process, and another for whatever differs in its key,
 * its body or its images, since keys are unique within a team alone.
 */
export function jobHandle({ key, nativeModel, body, image }: Submission): string {
  const images = imageSlots(body).map((slot) => image(slot).sha256);
  const parts = [key, nativeModel, ordered(body), ...images];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

/** A handle in the form of a UUID (RFC 9562, version 8: made from whatever its maker likes). */
export function handleAsUuid(handle: string): string {
  const variant = '89ab'[Number.parseInt(handle.slice(16, 17), 16) % 4];
  const parts = [handle.slice(0, 8), handle.slice(8, 12), `8${handle.slice(13, 16)}`];
  return [...parts, `${variant}${handle.slice(17, 20)}`, handle.slice(20, 32)].join('-');
}

/** The same value with the keys of its objects in order: a journal may give them back in another. */
function ordered(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return entries.map(([key, item]) => [key, ordered(item)]);
}
