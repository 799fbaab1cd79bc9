import type { Secret } from '@atelier/config';
import type { JsonObject, JsonValue } from '@bufbuild/protobuf';
import type { ImageFacts, NativePreview } from '../provider.ts';

/** A credential in a header: shown by its scheme alone. */
export interface Credential {
  /** What stands before the secret, such as `Bearer `; may be empty. */
  readonly scheme: string;
  readonly secret: Secret;
}

/** A part of a multipart body. A binary part has no bytes in a preview. */
export type FormPart =
  | { readonly name: string; readonly text: string }
  | {
      readonly name: string;
      readonly fileName: string;
      readonly facts: ImageFacts;
      readonly bytes?: Buffer | undefined;
    };

/** What a request carries. */
export type WireBody =
  | { readonly kind: 'json'; readonly value: JsonValue }
  | { readonly kind: 'form'; readonly parts: readonly FormPart[] }
  /** JSON that is written already, since a signature covers its very bytes. */
  | { readonly kind: 'written'; readonly json: string };

/** A request as it leaves. Built the same way for a preview and for the real thing. */
export interface WireRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly credentials?: Readonly<Record<string, Credential>>;
  readonly body?: WireBody;
}

/** The JSON object that a request carries. Throws for one that carries something else, which its builder does not make. */
export function jsonBody({ body }: WireRequest): JsonObject {
  const value = body?.kind === 'json' ? body.value : undefined;
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw new Error('the request carries no JSON object');
}

const REDACTED = '[redacted]';

/** Shows a request without its secrets, every binary part by digest, size and type. */
export function previewOf(wire: WireRequest, parts: NativePreview['parts'] = []): NativePreview {
  const { method, url, body } = wire;
  const headers: Record<string, string> = { ...wire.headers };
  for (const [name, { scheme }] of Object.entries(wire.credentials ?? {})) headers[name] = scheme + REDACTED;
  if (body?.kind === 'json') headers['content-type'] = 'application/json';
  if (body?.kind === 'form') headers['content-type'] = 'multipart/form-data';
  return {
    method,
    url,
    headers,
    body: body?.kind === 'json' ? shownBody(body.value) : {},
    parts: body?.kind === 'form' ? body.parts.map(shownPart) : parts,
  };
}

/** A preview is an object: a body that is a list, as some vendors take it, stands in one under `body`. */
function shownBody(value: JsonValue): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : { body: value };
}

function shownPart(part: FormPart): NativePreview['parts'][number] {
  if ('text' in part) {
    const sizeBytes = Buffer.byteLength(part.text);
    return { name: part.name, mediaType: 'text/plain', sizeBytes, sha256: '', text: part.text };
  }
  const { mediaType, sizeBytes, sha256 } = part.facts;
  return { name: part.name, mediaType, sizeBytes, sha256, text: '' };
}
