import { FailureClass } from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import type { JsonObject, JsonValue } from '@bufbuild/protobuf';
import { MAX_RESULT_BYTES, type Spool, TooManyBytes } from '../../spool/spool.ts';
import { type Content, ProviderFailure } from '../provider.ts';
import { readSpilledJson, type SpilledJson } from './spill-json.ts';
import { dropBody, type HttpAnswer } from './transport.ts';

/** A JSON answer, its images on disk. */
export interface JsonAnswer {
  readonly status: number;
  readonly header: HttpAnswer['header'];
  /** The document; an empty object for an answer without one. */
  readonly json: JsonObject;
  /** The image that a string of the document is in base64; undefined for a value that is no string or empty. */
  readonly image: (value: JsonValue | undefined) => Content | undefined;
}

/** An error's body is read up to this many bytes. */
const MAX_ERROR_BYTES = 65_536;

/** A document without images is read up to this many bytes. */
const MAX_DOCUMENT_BYTES = 8 * 1024 * 1024;

/**
 * Reads an answer that is to be a JSON object. Rejects with a `ProviderFailure` of class BAD_ANSWER for anything else.
 */
export async function readJson(answer: HttpAnswer, spool: Spool): Promise<JsonAnswer> {
  const spilled = await spill(answer, spool);
  const { value } = spilled;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ProviderFailure(
      FailureClass.BAD_ANSWER,
      'The provider answered with something else than a JSON object.',
    );
  }
  const { status, header } = answer;
  return { status, header, json: value, image: (text) => imageOf(text, spilled) };
}

async function spill(answer: HttpAnswer, spool: Spool): Promise<SpilledJson> {
  try {
    return await readSpilledJson(answer.body, spool);
  } catch (cause) {
    if (cause instanceof TooManyBytes) throw tooLarge(cause);
    const { name } = cause as { name?: unknown };
    if (name !== 'SyntaxError') throw cause;
    throw new ProviderFailure(FailureClass.BAD_ANSWER, 'The provider answered with broken JSON.', { cause });
  }
}

function imageOf(text: JsonValue | undefined, { file }: SpilledJson): Content | undefined {
  if (typeof text !== 'string' || text === '') return undefined;
  return file(text) ?? Buffer.from(text.replace(/^data:[^,]{0,200},/, ''), 'base64');
}

/** Reads an answer that is an image itself. Rejects with a `ProviderFailure` of class BAD_ANSWER for one that is too large. */
export async function readBytes({ body }: HttpAnswer, spool: Spool): Promise<Content> {
  try {
    return await spool.write(body);
  } catch (cause) {
    if (cause instanceof TooManyBytes) throw tooLarge(cause);
    throw cause;
  }
}

/** Reads an answer that is to be a JSON object without images, such as a schema. Rejects as `readJson` does. */
export async function readDocument({ status, header, body }: HttpAnswer): Promise<JsonAnswer> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    length += chunk.byteLength;
    if (length > MAX_DOCUMENT_BYTES) {
      throw new ProviderFailure(FailureClass.BAD_ANSWER, 'The provider’s document is too long.');
    }
  }
  const json = parsed(Buffer.concat(chunks).toString('utf8'));
  if (json === undefined) {
    const message = 'The provider answered with something else than a JSON object.';
    throw new ProviderFailure(FailureClass.BAD_ANSWER, message);
  }
  return { status, header, json, image: () => undefined };
}

/** The body of an error: its JSON where it is JSON, else its text under `message`. Never fails, whatever came. */
export async function readError(answer: HttpAnswer): Promise<JsonObject> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of answer.body) {
      chunks.push(chunk);
      length += chunk.byteLength;
      if (length > MAX_ERROR_BYTES) break;
    }
  } catch {
    // The status has said enough.
  }
  await dropBody(answer);
  const text = Buffer.concat(chunks).toString('utf8');
  // Where it is no JSON it is an error page, most likely.
  return parsed(text) ?? { message: text };
}

/** The object that a text is in JSON; undefined for anything else. */
function parsed(text: string): JsonObject | undefined {
  try {
    const value = JSON.parse(text) as JsonValue;
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function tooLarge(cause: unknown): ProviderFailure {
  const message = `The provider's image has more than ${MAX_RESULT_BYTES} bytes.`;
  return new ProviderFailure(FailureClass.BAD_ANSWER, message, { cause });
}
