import type { JsonObject, JsonValue } from '@bufbuild/protobuf';
import { asImageSlot } from '../../parameters/image-slot.ts';
import type { Settings } from '../http/settings.ts';
import type { SlotImages } from '../http/slot-images.ts';
import type { WireRequest } from '../http/wire-request.ts';
import type { NativeCall } from '../provider.ts';

/**
 * Builds a request. Entries have the prompt under `prompt` and reference images under `images`; both are parts of one
 * content here, the images first, as the documentation advises. Everything else is where the API has it.
 */
export function geminiRequest(
  { nativeModel, body }: NativeCall,
  settings: Settings,
  images: SlotImages,
): WireRequest {
  const { prompt, images: references, ...rest } = body;
  const secret = settings.secret('API_KEY');
  const parts = [...partsOf(references, images), { text: String(prompt ?? '') }];
  const value: JsonObject = { contents: [{ role: 'user', parts }], ...rest };
  return {
    method: 'POST',
    url: `${settings.baseUrl}/models/${encodeURIComponent(nativeModel)}:generateContent`,
    ...(secret !== undefined && { credentials: { 'x-goog-api-key': { scheme: '', secret } } }),
    body: { kind: 'json', value },
  };
}

function partsOf(references: JsonValue | undefined, images: SlotImages): JsonObject[] {
  if (!Array.isArray(references)) return [];
  return references.flatMap((reference, index) => {
    const slot = asImageSlot(reference);
    if (slot === undefined) return [];
    const path = `contents[0].parts[${index}].inlineData.data`;
    return [{ inlineData: { mimeType: images.mediaType(slot), data: images.base64(slot, path) } }];
  });
}
