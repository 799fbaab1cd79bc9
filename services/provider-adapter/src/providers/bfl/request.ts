import type { JsonObject } from '@bufbuild/protobuf';
import { fillImageSlots } from '../../parameters/image-slot.ts';
import type { Settings } from '../http/settings.ts';
import type { SlotImages } from '../http/slot-images.ts';
import type { Credential, WireRequest } from '../http/wire-request.ts';
import type { NativeCall } from '../provider.ts';

/** The credential of every request. */
export function bflCredentials(settings: Settings): Readonly<Record<string, Credential>> {
  const secret = settings.secret('API_KEY');
  return secret === undefined ? {} : { 'x-key': { scheme: '', secret } };
}

/** Builds a submit. Images go in as base64. */
export function bflRequest(
  { nativeModel, body }: NativeCall,
  settings: Settings,
  images: SlotImages,
): WireRequest {
  return {
    method: 'POST',
    url: `${settings.baseUrl}/v1/${nativeModel}`,
    headers: { accept: 'application/json' },
    credentials: bflCredentials(settings),
    body: { kind: 'json', value: fillImageSlots(numbered(body), images.base64) },
  };
}

/** Entries list images under `input_images`; the API has a field for each: `input_image`, `input_image_2`, ... */
function numbered(body: JsonObject): JsonObject {
  const { input_images: list, ...rest } = body;
  if (!Array.isArray(list)) return body;
  const fields = list.map(
    (image, index) => [index === 0 ? 'input_image' : `input_image_${index + 1}`, image] as const,
  );
  return { ...rest, ...Object.fromEntries(fields) };
}
