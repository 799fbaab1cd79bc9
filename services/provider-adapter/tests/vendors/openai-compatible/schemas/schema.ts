/** What a server of a dialect takes: a closed JSON Schema for each operation, by its path below the base. */
export type DialectSchemas = Readonly<Record<string, object>>;

/** A closed object: a field that the server's documentation does not have is a fault. */
export function closedObject(
  required: readonly string[],
  properties: Readonly<Record<string, object>>,
): object {
  return { type: 'object', additionalProperties: false, required, properties };
}

/** A part of a form that is a file, as `formFields` shows it. */
export const FILE = { type: 'string', pattern: '^<image/(png|jpeg|webp)>$' } as const;

/** An image in base64 with its media type before it. */
export const DATA_URI = {
  type: 'string',
  pattern: '^data:image/(png|jpeg|webp);base64,[A-Za-z0-9+/]+=*$',
} as const;

/** An image in bare base64. */
export const BASE64 = { type: 'string', pattern: '^[A-Za-z0-9+/]+=*$' } as const;

/** Width and height with an x between them. */
export const SIZE = { type: 'string', pattern: '^[1-9]\\d{1,4}x[1-9]\\d{1,4}$' } as const;
