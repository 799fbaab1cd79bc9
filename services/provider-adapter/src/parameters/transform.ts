import { type NativeMapping, Transform } from '@atelier/protos/atelier/provider/v1/model_pb.ts';
import { type JsonValue, toJson } from '@bufbuild/protobuf';
import { ValueSchema } from '@bufbuild/protobuf/wkt';
import { type Size, sizeText } from './vocabulary.ts';

/** A unified value in the forms that mappings know. */
export type Unified = string | number | Size;

/** The key of a lookup's table that stands for every value that the table does not name. */
export const ANY = '*';

/**
 * Spells a unified value as the provider wants it. Throws a TypeError for a transform that does not fit the value, which
 * the check of catalog entries rules out.
 */
export function toNative(value: Unified, mapping: NativeMapping): JsonValue {
  if (typeof value === 'object') return sizeToNative(value, mapping);
  switch (mapping.transform) {
    case Transform.UNSPECIFIED:
      return value;
    case Transform.TEXT:
      return String(value);
    case Transform.RATIO_X:
      return String(value).replace(':', 'x');
    case Transform.INVERT:
      return rounded((1 - Number(value)) * (mapping.scale ?? 1));
    case Transform.SCALE:
      return rounded(Number(value) * (mapping.scale ?? 1));
    case Transform.LOOKUP:
      return lookedUp(String(value), mapping);
    default:
      throw new TypeError(`transform ${mapping.transform} is not for ${typeof value}`);
  }
}

function sizeToNative(size: Size, mapping: NativeMapping): JsonValue {
  const { transform } = mapping;
  switch (transform) {
    case Transform.LOOKUP:
      return lookedUp(sizeText(size), mapping);
    case Transform.WIDTH:
      return size.width;
    case Transform.HEIGHT:
      return size.height;
    case Transform.UNSPECIFIED:
    case Transform.SIZE_TEXT:
      return sizeText(size);
    default:
      throw new TypeError(`transform ${transform} is not for a size`);
  }
}

function lookedUp(value: string, { values }: NativeMapping): JsonValue {
  const found = values[value.toLowerCase()] ?? values[ANY];
  if (found === undefined) throw new TypeError(`no native value for ${value}`);
  return toJson(ValueSchema, found);
}

/** Without the noise of binary fractions: 1 - 0.8 is 0.2 and not 0.19999999999999996. */
function rounded(value: number): number {
  return Number(value.toPrecision(12));
}
