import { fillImageSlots } from '../../parameters/image-slot.ts';
import type { Settings } from '../http/settings.ts';
import type { SlotImages } from '../http/slot-images.ts';
import type { Credential, WireRequest } from '../http/wire-request.ts';
import type { NativeCall } from '../provider.ts';

/** The operation of the models that answer with the image itself. The others have none: their jobs are polled. */
export const AT_ONCE = 'text_to_image';

/** The credential of every request. */
export function fireworksCredentials(settings: Settings): Readonly<Record<string, Credential>> {
  const secret = settings.secret('API_KEY');
  return secret === undefined ? {} : { authorization: { scheme: 'Bearer ', secret } };
}

/** Where a model is. */
export function modelUrl(nativeModel: string, settings: Settings): string {
  return `${settings.baseUrl}/workflows/${nativeModel}`;
}

/**
 * Builds a submit. Which format an image comes in is said by the header `accept`, and entries map it to a field of that name.
 * Images go in as data URIs.
 */
export function fireworksRequest(
  { nativeModel, operation, body }: NativeCall,
  settings: Settings,
  images: SlotImages,
): WireRequest {
  const usual = operation === AT_ONCE ? 'image/png' : 'application/json';
  const { accept = usual, ...fields } = body;
  const url = modelUrl(nativeModel, settings);
  return {
    method: 'POST',
    url: operation === '' ? url : `${url}/${operation}`,
    headers: { accept: String(accept) },
    credentials: fireworksCredentials(settings),
    body: { kind: 'json', value: fillImageSlots(fields, images.dataUri) },
  };
}
