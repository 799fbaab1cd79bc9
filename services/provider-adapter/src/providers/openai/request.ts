import type { JsonObject, JsonValue } from '@bufbuild/protobuf';
import { asImageSlot, imageSlots } from '../../parameters/image-slot.ts';
import type { SlotImages } from '../http/slot-images.ts';
import type { FormPart, WireBody } from '../http/wire-request.ts';

/** Which of the two operations a body is for: one with images is an edit. */
export function operationOf(body: JsonObject): 'generations' | 'edits' {
  return imageSlots(body).length > 0 ? 'edits' : 'generations';
}

/** The body of either operation: JSON to generate, a form to edit. */
export function imagesBody(body: JsonObject, images: SlotImages): WireBody {
  if (operationOf(body) === 'generations') return { kind: 'json', value: body };
  return {
    kind: 'form',
    parts: Object.entries(body).flatMap(([name, value]) => partsOf(name, value, images)),
  };
}

/** The parts of a form that a field becomes; of a list each item is a part, under the name with brackets. */
function partsOf(name: string, value: JsonValue, images: SlotImages): FormPart[] {
  if (Array.isArray(value)) return value.flatMap((item) => partsOf(`${name}[]`, item, images));
  const slot = asImageSlot(value);
  if (slot !== undefined) return [images.part(slot, name)];
  return [{ name, text: typeof value === 'string' ? value : JSON.stringify(value) }];
}
