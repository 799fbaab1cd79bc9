import type { JsonObject } from '@bufbuild/protobuf';
import { asImageSlot } from '../../parameters/image-slot.ts';
import type { Settings } from '../http/settings.ts';
import type { SlotImages } from '../http/slot-images.ts';
import type { FormPart, WireRequest } from '../http/wire-request.ts';
import type { NativeCall } from '../provider.ts';

/** The one operation whose form says whether it starts from an image. */
const SD3 = '/v2beta/stable-image/generate/sd3';

/** Builds a form. The operation of the entry is the path; answers are asked for as JSON, with the image in base64. */
export function stabilityRequest(
  { operation, body }: NativeCall,
  settings: Settings,
  images: SlotImages,
): WireRequest {
  const secret = settings.secret('API_KEY');
  const fields: JsonObject =
    operation === SD3 && body.image !== undefined ? { ...body, mode: 'image-to-image' } : body;
  const parts = Object.entries(fields).map(([name, value]): FormPart => {
    const slot = asImageSlot(value);
    if (slot !== undefined) return images.part(slot, name);
    return { name, text: typeof value === 'string' ? value : JSON.stringify(value) };
  });
  return {
    method: 'POST',
    url: settings.baseUrl + operation,
    headers: { accept: 'application/json' },
    ...(secret !== undefined && { credentials: { authorization: { scheme: 'Bearer ', secret } } }),
    body: { kind: 'form', parts },
  };
}
