import { createHash } from 'node:crypto';
import sharp from 'sharp';
import type { SeenImage } from './script.ts';
import { Objection } from './wire.ts';

/** A JSON object of unknown fields. */
export type Fields = Readonly<Record<string, unknown>>;

/** Takes a value for an object. */
export function object(value: unknown, path: string): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
  throw new Objection(`${path}: expected an object`);
}

/** Takes a value for a list with something in it. */
export function list(value: unknown, path: string): readonly unknown[] {
  if (Array.isArray(value) && value.length > 0) return value;
  throw new Objection(`${path}: expected a list that is not empty`);
}

/** Takes a value for a text with something in it. */
export function text(value: unknown, path: string): string {
  if (typeof value === 'string' && value !== '') return value;
  throw new Objection(`${path}: expected a text that is not empty`);
}

/** Takes a value for a number within bounds, or for none. */
export function number(value: unknown, path: string, minimum: number, maximum: number): number | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'number' && value >= minimum && value <= maximum) return value;
  throw new Objection(`${path}: expected a number from ${minimum} to ${maximum}`);
}

/** Refuses fields that the vendor does not know. */
export function only(fields: Fields, known: readonly string[], path: string): void {
  const unknown = Object.keys(fields).find((name) => !known.includes(name));
  if (unknown !== undefined) throw new Objection(`${path}: unknown field ${unknown}`);
}

/** Takes an API key: the one that is known, or any where none is. */
export function credential(given: string | undefined, known: string | undefined, status = 401): void {
  if (given !== undefined && given !== '' && (known === undefined || given === known)) return;
  throw new Objection('The API key is missing or not valid', status, 'invalid_api_key');
}

const FORMATS: Readonly<Record<string, string>> = {
  'image/png': 'png',
  'image/jpeg': 'jpeg',
  'image/webp': 'webp',
  'image/gif': 'gif',
};

/** Decodes an image, which has to be what it is said to be. */
export async function image(base64: unknown, mediaType: unknown, path: string): Promise<SeenImage> {
  const format = FORMATS[String(mediaType)];
  if (format === undefined) throw new Objection(`${path}: no media type of an image`);
  if (typeof base64 !== 'string' || !/^[A-Za-z0-9+/]+={0,2}$/.test(base64) || base64.length % 4 !== 0) {
    throw new Objection(`${path}: no base64`);
  }
  const bytes = Buffer.from(base64, 'base64');
  const header = await sharp(bytes)
    .metadata()
    .catch(() => undefined);
  if (header?.format !== format) throw new Objection(`${path}: no image of type ${mediaType}`);
  const { width, height } = header;
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { mediaType: String(mediaType), sha256, bytes, width, height };
}

/** Decodes an image in a data URI. */
export function imageOfDataUri(uri: unknown, path: string): Promise<SeenImage> {
  const [, mediaType, base64] = /^data:([^;,]+);base64,(.*)$/s.exec(String(uri)) ?? [];
  if (base64 === undefined) throw new Objection(`${path}: only data URIs are taken here`);
  return image(base64, mediaType, path);
}

/** Holds a schema to what vendors ask of strict ones: every object is closed, and each of its properties is required. */
export function strictSchema(schema: unknown, path: string): void {
  const node = object(schema, path);
  if (node.type === 'object') {
    const properties = Object.keys(object(node.properties ?? {}, `${path}.properties`));
    const required = Array.isArray(node.required) ? node.required : [];
    if (node.additionalProperties !== false) {
      throw new Objection(`${path}: additionalProperties has to be false`);
    }
    const missing = properties.find((name) => !required.includes(name));
    if (missing !== undefined) throw new Objection(`${path}: ${missing} has to be required`);
  }
  for (const [name, child] of Object.entries((node.properties ?? {}) as Fields)) {
    strictSchema(child, `${path}.${name}`);
  }
  if (node.items !== undefined) strictSchema(node.items, `${path}.items`);
  for (const child of (node.anyOf ?? []) as unknown[]) strictSchema(child, `${path}.anyOf`);
}
