import type { JsonObject } from '@bufbuild/protobuf';
import { fillImageSlots } from '../../parameters/image-slot.ts';
import type { Settings } from '../http/settings.ts';
import type { SlotImages } from '../http/slot-images.ts';
import type { WireRequest } from '../http/wire-request.ts';
import type { NativeCall } from '../provider.ts';

/** Where a path names the model; one that does not leaves that to the body. */
const MODEL = '{model}';

/** The path of Hugging Face's own inference, for entries that name none. */
const OWN = `/hf-inference/models/${MODEL}`;

/**
 * Builds a request. The operation of an entry is the path below the router, which begins with the name of the provider
 * behind it; its mappings spell the body as that provider wants it.
 */
export function huggingfaceRequest(
  { nativeModel, operation, body }: NativeCall,
  settings: Settings,
  images: SlotImages,
): WireRequest {
  const secret = settings.secret('API_KEY');
  const path = operation === '' ? OWN : `/${operation.replace(/^\/+/, '')}`;
  const model = nativeModel.split('/').map(encodeURIComponent).join('/');
  const native: JsonObject = path.includes(MODEL) ? body : { model: nativeModel, ...body };
  return {
    method: 'POST',
    url: settings.baseUrl + path.replace(MODEL, () => model),
    headers: {
      accept: path.startsWith('/hf-inference/') ? 'image/png, application/json' : 'application/json',
    },
    ...(secret !== undefined && { credentials: { authorization: { scheme: 'Bearer ', secret } } }),
    // Hugging Face's own inference takes the image itself as its input, in base64; the others take data URIs.
    body: {
      kind: 'json',
      value: fillImageSlots(native, (slot, at) =>
        at === 'inputs' ? images.base64(slot, at) : images.dataUri(slot, at),
      ),
    },
  };
}
