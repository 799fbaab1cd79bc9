import type { JsonObject, JsonValue } from '@bufbuild/protobuf';

/** How the bytes of a reference image are changed before they leave. */
export type ImageChange = 'none' | 'mask_invert' | 'mask_alpha';

/**
 * A place in a native body where an image belongs. Translation is pure and never sees pixels; whoever sends the body puts
 * in what the provider wants there: a data URI, an address, or the name of a multipart part.
 */
export interface ImageSlot {
  /** Position in the effective `reference_images`. */
  readonly reference: number;
  readonly change: ImageChange;
}

const MARK = '$image';

/** The form of a slot inside a body. */
export function imageSlot({ reference, change }: ImageSlot): JsonObject {
  return { [MARK]: reference, change };
}

/** The slot that a value of a body is; undefined where it is an ordinary value. */
export function asImageSlot(value: JsonValue): ImageSlot | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const reference = value[MARK];
  return typeof reference === 'number' ? { reference, change: value.change as ImageChange } : undefined;
}

/** A copy of a body in which every slot is replaced by what the function gives for it. `path` is where the slot is. */
export function fillImageSlots(
  body: JsonObject,
  fill: (slot: ImageSlot, path: string) => JsonValue,
): JsonObject {
  const walk = (value: JsonValue, path: string): JsonValue => {
    const slot = asImageSlot(value);
    if (slot !== undefined) return fill(slot, path);
    if (Array.isArray(value)) return value.map((item, index) => walk(item, `${path}[${index}]`));
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value);
    return Object.fromEntries(
      entries.map(([key, item]) => [key, walk(item, path === '' ? key : `${path}.${key}`)]),
    );
  };
  return walk(body, '') as JsonObject;
}

/** All slots of a body, in the order in which they stand. */
export function imageSlots(body: JsonObject): ImageSlot[] {
  const slots: ImageSlot[] = [];
  fillImageSlots(body, (slot) => {
    slots.push(slot);
    return null;
  });
  return slots;
}
