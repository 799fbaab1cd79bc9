import type { JsonObject, JsonValue } from '@bufbuild/protobuf';

/** One field of a model's input, its references resolved. */
export interface InputField {
  readonly name: string;
  readonly type: string;
  /** The only values that it takes; empty where it takes every one in range. */
  readonly values: readonly JsonValue[];
  readonly minimum: number | undefined;
  readonly maximum: number | undefined;
  readonly default: JsonValue | undefined;
  readonly description: string;
  readonly isRequired: boolean;
  /** Whether it takes the address of a file, or a list of these. */
  readonly isFile: boolean;
  readonly isList: boolean;
  readonly maxItems: number | undefined;
  /** The field in JSON Schema, without references. */
  readonly schema: JsonObject;
}

/** The schemas of an OpenAPI document by name; empty for a document without any. */
export function schemasOf(document: JsonValue | undefined): JsonObject {
  return object(object(object(document).components).schemas);
}

/** The fields of a model's input, in the order in which the model shows them. */
export function inputFields(document: JsonValue | undefined): InputField[] {
  const schemas = schemasOf(document);
  const input = object(schemas.Input);
  const required = Array.isArray(input.required) ? input.required : [];
  return Object.entries(object(input.properties))
    .map(([name, property]) => ({ property: object(property), name }))
    .sort((a, b) => order(a.property) - order(b.property))
    .map(({ name, property }) => inputField(name, resolved(property, schemas), required.includes(name)));
}

function inputField(name: string, schema: JsonObject, isRequired: boolean): InputField {
  const items = object(schema.items);
  return {
    name,
    type: typeof schema.type === 'string' ? schema.type : '',
    values: Array.isArray(schema.enum) ? schema.enum : [],
    minimum: number(schema.minimum),
    maximum: number(schema.maximum),
    default: schema.default,
    description: typeof schema.description === 'string' ? schema.description : '',
    isRequired,
    isFile: schema.format === 'uri' || items.format === 'uri',
    isList: schema.type === 'array',
    maxItems: number(schema.maxItems),
    schema,
  };
}

/** A schema with what it refers to, without the words that only a form needs. `null` as an alternative is passed over. */
function resolved(schema: JsonObject, schemas: JsonObject, depth = 0): JsonObject {
  // A document may refer to itself.
  if (depth > 8) return {};
  const { $ref, allOf, anyOf, oneOf, title: _title, 'x-order': _order, nullable: _nullable, ...own } = schema;
  const referred = typeof $ref === 'string' ? [object(schemas[$ref.split('/').at(-1) ?? ''])] : [];
  const alternatives = [anyOf, oneOf].flatMap((list) =>
    Array.isArray(list) ? list.map(object).filter(({ type }) => type !== 'null') : [],
  );
  // Several alternatives are left open: what they have in common cannot be said in general.
  const parts = [
    ...referred,
    ...(Array.isArray(allOf) ? allOf.map(object) : []),
    ...(alternatives.length === 1 ? alternatives : []),
  ];
  const merged = parts.reduce<JsonObject>(
    (whole, part) => Object.assign(whole, resolved(part, schemas, depth + 1)),
    {},
  );
  const items = own.items === undefined ? {} : { items: resolved(object(own.items), schemas, depth + 1) };
  return { ...merged, ...own, ...items };
}

function order(property: JsonObject): number {
  return number(property['x-order']) ?? Number.MAX_SAFE_INTEGER;
}

function number(value: JsonValue | undefined): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

function object(value: JsonValue | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}
