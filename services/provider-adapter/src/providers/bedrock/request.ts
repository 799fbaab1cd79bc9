import { fillImageSlots } from '../../parameters/image-slot.ts';
import type { Settings } from '../http/settings.ts';
import type { SlotImages } from '../http/slot-images.ts';
import type { WireRequest } from '../http/wire-request.ts';
import type { NativeCall } from '../provider.ts';

/** The operation of models whose body says whether it starts from an image. */
const WITH_MODE = 'sd3';

/** Builds an invocation. The body is the model's own, its images in base64; with an API key nothing has to be signed. */
export function bedrockRequest(
  { nativeModel, operation, body }: NativeCall,
  settings: Settings,
  images: SlotImages,
): WireRequest {
  const secret = settings.secret('API_KEY');
  const isFromImage = operation === WITH_MODE && body.image !== undefined;
  const native = isFromImage ? { ...body, mode: 'image-to-image' } : body;
  return {
    method: 'POST',
    url: `${baseUrl(settings)}/model/${encodeURIComponent(nativeModel)}/invoke`,
    headers: { accept: 'application/json' },
    ...(secret !== undefined && { credentials: { authorization: { scheme: 'Bearer ', secret } } }),
    body: { kind: 'json', value: fillImageSlots(native, images.base64) },
  };
}

function baseUrl(settings: Settings): string {
  const region = settings.field('REGION');
  if (settings.baseUrl !== '' || region === undefined) return settings.baseUrl;
  return `https://bedrock-runtime.${region}.amazonaws.com`;
}
