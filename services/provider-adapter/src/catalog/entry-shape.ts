import type { FieldViolation } from '@atelier/rpc';
import {
  type DescEnum,
  type DescField,
  type DescMessage,
  type JsonObject,
  type JsonValue,
  ScalarType,
} from '@bufbuild/protobuf';

/** An entry in the JSON form of its message, and what was wrong with it. */
export interface ShapedEntry {
  readonly json: JsonObject;
  readonly faults: readonly FieldViolation[];
}

/**
 * Brings a hand-written entry into the JSON form of its message, and finds every unknown field and every value of a wrong
 * type, with its path. People write field names in snake case, enums as their short names in lower case (`native` for
 * `SUPPORT_NATIVE`), and dates without a time.
 */
export function shapeEntry(schema: DescMessage, value: unknown): ShapedEntry {
  const faults: FieldViolation[] = [];
  return { json: message(schema, value, '', faults) as JsonObject, faults };
}

function message(schema: DescMessage, value: unknown, path: string, faults: FieldViolation[]): JsonValue {
  if (schema.typeName === 'google.protobuf.Value') return value as JsonValue;
  if (schema.typeName === 'google.protobuf.Timestamp') return timestamp(value, path, faults);
  if (!isObject(value)) return fault(faults, path, 'must be an object');
  if (schema.typeName === 'google.protobuf.Struct') return value as JsonObject;
  if (schema.typeName === 'google.protobuf.FieldMask') return fault(faults, path, 'has no place in an entry');
  const json: JsonObject = {};
  for (const [key, item] of Object.entries(value)) {
    const field = schema.fields.find(({ name, jsonName }) => name === key || jsonName === key);
    const below = path === '' ? key : `${path}.${key}`;
    if (field === undefined) fault(faults, below, 'is not a field of the contract');
    else json[field.name] = fieldValue(field, item, below, faults);
  }
  return json;
}

function fieldValue(field: DescField, value: unknown, path: string, faults: FieldViolation[]): JsonValue {
  switch (field.fieldKind) {
    case 'scalar':
      return scalar(field.scalar, value, path, faults);
    case 'enum':
      return enumeration(field.enum, value, path, faults);
    case 'message':
      return message(field.message, value, path, faults);
    case 'list': {
      if (!Array.isArray(value)) return fault(faults, path, 'must be a list');
      return value.map((item, index) => element(field, item, `${path}[${index}]`, faults));
    }
    case 'map': {
      if (!isObject(value)) return fault(faults, path, 'must be an object');
      const entries = Object.entries(value);
      return Object.fromEntries(
        entries.map(([key, item]) => [key, element(field, item, `${path}.${key}`, faults)]),
      );
    }
  }
}

type Collection = Extract<DescField, { fieldKind: 'list' | 'map' }>;

function element(field: Collection, value: unknown, path: string, faults: FieldViolation[]): JsonValue {
  const kind = field.fieldKind === 'list' ? field.listKind : field.mapKind;
  if (kind === 'message') return message(field.message as DescMessage, value, path, faults);
  if (kind === 'enum') return enumeration(field.enum as DescEnum, value, path, faults);
  return scalar(field.scalar as ScalarType, value, path, faults);
}

function scalar(type: ScalarType, value: unknown, path: string, faults: FieldViolation[]): JsonValue {
  switch (type) {
    case ScalarType.STRING:
      return typeof value === 'string' ? value : fault(faults, path, 'must be text');
    case ScalarType.BOOL:
      return typeof value === 'boolean' ? value : fault(faults, path, 'must be true or false');
    case ScalarType.DOUBLE:
    case ScalarType.FLOAT:
      return Number.isFinite(value) ? (value as number) : fault(faults, path, 'must be a number');
    default: {
      if (Number.isSafeInteger(value)) return value as number;
      // The JSON form of 64-bit integers is text.
      const isText = typeof value === 'string' && /^-?\d{1,19}$/.test(value);
      return isText ? value : fault(faults, path, 'must be a whole number');
    }
  }
}

function enumeration(schema: DescEnum, value: unknown, path: string, faults: FieldViolation[]): JsonValue {
  const prefix = schema.sharedPrefix?.toUpperCase() ?? '';
  const found = schema.values.find(
    ({ name }) => name === value || (typeof value === 'string' && name === prefix + value.toUpperCase()),
  );
  if (found !== undefined) return found.name;
  const names = schema.values.filter(({ number }) => number !== 0).map(({ name }) => name);
  const short = names.map((name) => name.slice(prefix.length).toLowerCase());
  return fault(faults, path, `must be one of ${short.join(', ')}`);
}

function timestamp(value: unknown, path: string, faults: FieldViolation[]): JsonValue {
  const text = typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value) ? `${value}T00:00:00Z` : value;
  if (typeof text === 'string' && !Number.isNaN(Date.parse(text))) return text;
  return fault(faults, path, 'must be a date such as 2026-12-01');
}

function fault(faults: FieldViolation[], field: string, description: string): null {
  faults.push({ field, description });
  return null;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
