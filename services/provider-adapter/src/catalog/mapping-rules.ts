import {
  type FieldCapability,
  type NativeMapping,
  Transform,
} from '@atelier/protos/atelier/provider/v1/model_pb.ts';
import type { FieldViolation } from '@atelier/rpc';
import { ANY } from '../parameters/transform.ts';
import { enumSpellings, isEnumField } from '../parameters/vocabulary.ts';

const NUMBERS: readonly string[] = ['count', 'seed', 'guidance', 'steps', 'compression', 'fine_tune_weight'];

/** What is wrong with a mapping of a field: a transform that is not for its values, or that lacks what it needs. */
export function mappingFaults(capability: FieldCapability, mapping: NativeMapping): FieldViolation[] {
  const { field } = capability;
  const { transform, scale, values } = mapping;
  const fault = (below: string, description: string): FieldViolation[] => [{ field: below, description }];
  const kinds = kindsOf(transform);
  if (kinds !== undefined && !kinds.includes(kindOf(field))) {
    return fault('transform', `is not for ${field}`);
  }
  if (transform === Transform.SCALE && scale === undefined)
    return fault('scale', 'is needed by the transform');
  if (transform !== Transform.LOOKUP) return [];
  if (Object.keys(values).length === 0) return fault('values', 'is needed by the transform');
  if (values[ANY] !== undefined) return [];
  if (field === 'size' && capability.values.length === 0) {
    return fault('values', `needs ${ANY}, since not every size can be named`);
  }
  const taken =
    capability.values.length > 0 || !isEnumField(field) ? capability.values : enumSpellings(field);
  return taken
    .filter((value) => values[value.toLowerCase()] === undefined)
    .flatMap((value) => fault('values', `lacks ${value}, which the field takes`));
}

type Kind = 'size' | 'number' | 'mask' | 'image' | 'text';

function kindOf(field: string): Kind {
  if (field === 'size') return 'size';
  if (field === 'mask_image') return 'mask';
  if (field.endsWith('_image')) return 'image';
  return NUMBERS.includes(field) || field.endsWith('_strength') ? 'number' : 'text';
}

/** The kinds of value that a transform is for; undefined for the one that takes all. */
function kindsOf(transform: Transform): readonly Kind[] | undefined {
  switch (transform) {
    case Transform.SIZE_TEXT:
    case Transform.WIDTH:
    case Transform.HEIGHT:
      return ['size'];
    case Transform.INVERT:
    case Transform.SCALE:
      return ['number'];
    case Transform.MASK_INVERT:
    case Transform.MASK_ALPHA:
      return ['mask'];
    case Transform.RATIO_X:
      return ['text'];
    case Transform.TEXT:
      return ['text', 'number'];
    case Transform.LOOKUP:
      return ['text', 'number', 'size'];
    default:
      return undefined;
  }
}
