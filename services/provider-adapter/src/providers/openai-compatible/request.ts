import type { JsonObject } from '@bufbuild/protobuf';
import { fillImageSlots, imageSlots } from '../../parameters/image-slot.ts';
import type { Settings } from '../http/settings.ts';
import type { SlotImages } from '../http/slot-images.ts';
import type { WireBody, WireRequest } from '../http/wire-request.ts';
import { imagesBody } from '../openai/request.ts';
import type { NativeCall } from '../provider.ts';
import type { Dialect } from './dialects.ts';

/** Builds a request in a dialect. A model's `operation` is a path of its own below the base, where it needs one. */
export function dialectRequest(
  { nativeModel, operation, body }: NativeCall,
  settings: Settings,
  images: SlotImages,
  dialect: Dialect,
): WireRequest {
  const secret = settings.secret('API_KEY');
  const hasImages = imageSlots(body).length > 0;
  const usual = hasImages ? (dialect.editPath ?? '/images/generations') : '/images/generations';
  const value = dialect.modelless?.includes(operation) ? body : { model: nativeModel, ...body };
  return {
    method: 'POST',
    url: settings.baseUrl + (operation === '' ? usual : operation),
    ...(secret !== undefined && { credentials: { authorization: { scheme: 'Bearer ', secret } } }),
    body: dialect.formOperations?.includes(operation)
      ? imagesBody(value, images)
      : bodyOf(withNegative(value, dialect), images, dialect),
  };
}

function bodyOf(body: JsonObject, images: SlotImages, dialect: Dialect): WireBody {
  switch (dialect.images) {
    case 'form':
      return imagesBody(body, images);
    case 'data_uri':
      return { kind: 'json', value: fillImageSlots(body, images.dataUri) };
    case 'base64':
      return { kind: 'json', value: fillImageSlots(body, images.base64) };
    case 'image_url':
      return {
        kind: 'json',
        value: fillImageSlots(body, (slot, path) => ({ type: 'image_url', url: images.dataUri(slot, path) })),
      };
  }
}

/** Where one field holds both prompts, what parts them must not come from the caller. */
function withNegative(body: JsonObject, { negativeSeparator }: Dialect): JsonObject {
  if (negativeSeparator === undefined) return body;
  const { negative_prompt: negative, ...rest } = body;
  const clean = (text: unknown) => String(text ?? '').replaceAll(negativeSeparator, '/');
  const prompt = clean(body.prompt);
  return {
    ...rest,
    prompt: negative === undefined ? prompt : `${prompt}${negativeSeparator}${clean(negative)}`,
  };
}
