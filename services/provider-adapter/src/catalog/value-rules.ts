import type { FieldCapability } from '@atelier/protos/atelier/provider/v1/model_pb.ts';
import type { FieldViolation } from '@atelier/rpc';
import { type JsonValue, toJson } from '@bufbuild/protobuf';
import { ValueSchema } from '@bufbuild/protobuf/wkt';
import { fitShape, isAllowed } from '../parameters/dimensions.ts';
import { fitNumber } from '../parameters/fit.ts';
import { enumSpellings, isEnumField, parseRatio, parseSize } from '../parameters/vocabulary.ts';

/** What is wrong with the ranges, lists and default of a capability. Paths are below the capability. */
export function valueFaults(capability: FieldCapability): FieldViolation[] {
  const { field, min, max, values, defaultValue } = capability;
  const faults: FieldViolation[] = [];
  const add = (below: string, description: string) => faults.push({ field: below, description });
  if (min !== undefined && max !== undefined && min > max) add('min', 'is above max');
  if (capability.minArea !== undefined && capability.maxArea !== undefined) {
    if (capability.minArea > capability.maxArea) add('min_area', 'is above max_area');
  }
  for (const [index, value] of values.entries()) {
    if (!isSpelled(field, value)) add(`values[${index}]`, `"${value}" is not a value of ${field}`);
  }
  if (faults.length > 0) return faults;
  if (field === 'size' && fitShape(1, 1024 * 1024, capability) === undefined) {
    add('max', 'the rules leave no size at all');
  }
  if (defaultValue !== undefined && !isTaken(capability, toJson(ValueSchema, defaultValue))) {
    add('default_value', 'is not a value that the field takes');
  }
  return faults;
}

function isSpelled(field: string, value: string): boolean {
  if (field === 'size') return parseSize(value) !== undefined;
  if (field === 'aspect_ratio') return parseRatio(value) !== undefined;
  if (isEnumField(field)) return enumSpellings(field).includes(value);
  if (field === 'style' || field === 'fine_tunes') return value !== '';
  return value !== '' && Number.isFinite(Number(value));
}

function isTaken(capability: FieldCapability, value: JsonValue): boolean {
  const { field, values } = capability;
  if (typeof value === 'number') return fitNumber(value, capability) === value;
  if (typeof value !== 'string') return false;
  if (field === 'size') {
    const size = parseSize(value);
    return size !== undefined && isAllowed(size, capability);
  }
  if (values.length > 0) return values.includes(value);
  return isEnumField(field) ? enumSpellings(field).includes(value) : true;
}
