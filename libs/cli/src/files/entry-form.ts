import type { DescField, DescMessage, JsonValue } from '@bufbuild/protobuf';
import { isObject } from './decode.ts';

/**
 * The form in which people write entries of the catalog, and in which the entries that come with the platform are written:
 * names in snake case, enums as their short names in lower case, dates without a time, capabilities as a map by field, and a
 * native mapping that is a path alone as that path. Both directions leave alone what they do not know: what reads it tells.
 */
export function fromEntryForm(schema: DescMessage, value: JsonValue): JsonValue {
  return converted(schema, withListedCapabilities(value), enumFromShort, (date) =>
    /^\d{4}-\d{2}-\d{2}$/.test(date) ? `${date}T00:00:00Z` : date,
  );
}

/** The same backwards, from the JSON form of a message. */
export function toEntryForm(schema: DescMessage, value: JsonValue): JsonValue {
  return withMappedCapabilities(
    converted(schema, value, enumToShort, (time) => time.replace(/T00:00:00Z$/, '')),
  );
}

type EnumField = DescField & { readonly enum: NonNullable<DescField['enum']> };
type ConvertEnum = (field: EnumField, value: JsonValue) => JsonValue;

function converted(
  schema: DescMessage,
  value: JsonValue,
  convertEnum: ConvertEnum,
  convertTime: (text: string) => string,
): JsonValue {
  if (schema.typeName === 'google.protobuf.Timestamp' && typeof value === 'string') return convertTime(value);
  if (schema.typeName.startsWith('google.protobuf.') || !isObject(value)) return value;
  const inField = (field: DescField | undefined, item: JsonValue): JsonValue => {
    if (Array.isArray(item)) return item.map((each) => inField(field, each));
    if (field?.fieldKind === 'map') {
      if (!isObject(item) || field.message === undefined) return item;
      const entries = Object.entries(item);
      return Object.fromEntries(entries.map(([key, each]) => [key, inMessage(field.message, each)]));
    }
    if (field?.enum !== undefined) return convertEnum(field as EnumField, item);
    return field?.message === undefined ? item : inMessage(field.message, item);
  };
  const inMessage = (message: DescMessage, item: JsonValue) =>
    converted(message, item, convertEnum, convertTime);
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => {
      const field = schema.fields.find(({ name, jsonName }) => name === key || jsonName === key);
      return [field?.name ?? key, inField(field, item)];
    }),
  );
}

function enumFromShort(field: EnumField, value: JsonValue): JsonValue {
  const prefix = field.enum.sharedPrefix?.toUpperCase() ?? '';
  const full = prefix + String(value).toUpperCase();
  return field.enum.values.some(({ name }) => name === full) ? full : value;
}

function enumToShort(field: EnumField, value: JsonValue): JsonValue {
  const prefix = field.enum.sharedPrefix?.toUpperCase() ?? '';
  return typeof value === 'string' && value.startsWith(prefix)
    ? value.slice(prefix.length).toLowerCase()
    : value;
}

function withListedCapabilities(value: JsonValue): JsonValue {
  if (!isObject(value) || !isObject(value.capabilities)) return value;
  const capabilities = Object.entries(value.capabilities).map(([field, capability]) => {
    if (!isObject(capability)) return { field, support: capability };
    const { native, ...rest } = capability;
    if (native === undefined) return { field, ...rest };
    const mappings = (Array.isArray(native) ? native : [native]).map((mapping) =>
      typeof mapping === 'string' ? { path: mapping } : mapping,
    );
    return { field, ...rest, native: mappings };
  });
  return { ...value, capabilities };
}

function withMappedCapabilities(value: JsonValue): JsonValue {
  if (!isObject(value) || !Array.isArray(value.capabilities)) return value;
  const entries = value.capabilities.filter(isObject).map(({ field, native, ...rest }) => {
    const mappings = (Array.isArray(native) ? native : []).map((mapping) =>
      isObject(mapping) && Object.keys(mapping).join() === 'path' ? (mapping.path as JsonValue) : mapping,
    );
    const [only] = mappings;
    const isOne = mappings.length === 1 && only !== undefined;
    return [
      String(field),
      { ...rest, ...(mappings.length > 0 && { native: isOne ? only : mappings }) },
    ] as const;
  });
  return { ...value, capabilities: Object.fromEntries(entries) };
}
