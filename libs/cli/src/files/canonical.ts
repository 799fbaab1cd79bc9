import { type DescMessage, type JsonValue, type Message, toJson } from '@bufbuild/protobuf';
import { isObject } from './decode.ts';

/** A message in its JSON form, with fields in the order of the contract and the keys of maps and free objects by name. */
export function canonicalJson(schema: DescMessage, message: Message): JsonValue {
  return sortedMaps(schema, toJson(schema, message) as JsonValue);
}

/** The same as a text: equal messages have equal texts. */
export function canonicalText(schema: DescMessage, message: Message): string {
  return JSON.stringify(canonicalJson(schema, message));
}

function sortedMaps(schema: DescMessage, value: JsonValue): JsonValue {
  if (schema.typeName.startsWith('google.protobuf.')) return sorted(value);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => {
      const field = schema.fields.find(({ jsonName }) => jsonName === key);
      const below = field?.message;
      if (field?.fieldKind === 'map') return [key, sorted(item)];
      if (below === undefined) return [key, item];
      const inMessage = (each: JsonValue) => sortedMaps(below, each);
      return [
        key,
        Array.isArray(item) && field?.fieldKind === 'list' ? item.map(inMessage) : inMessage(item),
      ];
    }),
  );
}

/** The value with the keys of all objects in code-unit order. */
function sorted(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isObject(value)) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, item]) => [key, sorted(item)]));
}
