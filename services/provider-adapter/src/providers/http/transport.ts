import { FailureClass } from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import { Agent, buildConnector, type Dispatcher, FormData, request } from 'undici';
import { ProviderFailure } from '../provider.ts';
import type { FormPart, WireBody, WireRequest } from './wire-request.ts';

/** The answer to a request, whose body has not been read yet. */
export interface HttpAnswer {
  readonly status: number;
  /** A header by its name in lower case. */
  readonly header: (name: string) => string | undefined;
  readonly body: AsyncIterable<Uint8Array>;
}

/** Time to open a connection, in milliseconds. */
const CONNECT_TIMEOUT_MS = 10_000;

/** Silence in the middle of an answer after which the connection counts as lost, in milliseconds. */
const SILENCE_MS = 60_000;

/** No connection came about, TLS included: whatever was to be sent over it has not left. */
class NotConnected extends Error {
  override readonly name = 'NotConnected';
}

/** HTTP/1.1 alone: over HTTP/2 the client would send again by itself what the other end says that it refused. */
const connect = buildConnector({ timeout: CONNECT_TIMEOUT_MS, allowH2: false });

/** Connections of all providers. How long an answer may take to begin is the candidate's affair. */
const agent = new Agent({
  allowH2: false,
  connect: (options, callback) =>
    connect(options, (cause, socket) => {
      if (cause === null) callback(null, socket as NonNullable<typeof socket>);
      else callback(new NotConnected('no connection came about', { cause }), null);
    }),
  headersTimeout: 0,
  bodyTimeout: SILENCE_MS,
  keepAliveTimeout: 4_000,
});

/**
 * Sends a request, once. Rejects with a `ProviderFailure`: UNAVAILABLE and surely not sent where no connection came about,
 * UNKNOWN_OUTCOME where it was lost afterwards. An aborted signal rejects with its reason.
 */
export async function sendRequest(wire: WireRequest, signal: AbortSignal): Promise<HttpAnswer> {
  signal.throwIfAborted();
  try {
    const { statusCode, headers, body } = await request(wire.url, {
      method: wire.method,
      headers: headersOf(wire),
      body: bodyOf(wire.body),
      dispatcher: agent,
      signal,
    });
    return {
      status: statusCode,
      header: (name) => {
        const value = headers[name];
        return Array.isArray(value) ? value[0] : value;
      },
      body: guarded(body, wire, signal),
    };
  } catch (cause) {
    throw failureOf(cause, wire, signal);
  }
}

/** Drops the rest of an answer that nobody reads. */
export async function dropBody({ body }: HttpAnswer): Promise<void> {
  await (body as AsyncGenerator<Uint8Array>).return?.(undefined);
}

async function* guarded(
  body: Dispatcher.ResponseData['body'],
  wire: WireRequest,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  try {
    yield* body as AsyncIterable<Uint8Array>;
  } catch (cause) {
    throw failureOf(cause, wire, signal);
  }
}

function headersOf(wire: WireRequest): Record<string, string> {
  const headers: Record<string, string> = { 'user-agent': 'atelier', ...wire.headers };
  for (const [name, { scheme, secret }] of Object.entries(wire.credentials ?? {})) {
    headers[name] = scheme + secret.reveal();
  }
  if (wire.body !== undefined && wire.body.kind !== 'form') headers['content-type'] = 'application/json';
  return headers;
}

function bodyOf(body: WireBody | undefined): string | FormData | null {
  switch (body?.kind) {
    case undefined:
      return null;
    case 'json':
      return JSON.stringify(body.value);
    case 'written':
      return body.json;
    case 'form':
      return formOf(body.parts);
  }
}

function formOf(parts: readonly FormPart[]): FormData {
  const form = new FormData();
  for (const part of parts) {
    if ('text' in part) form.append(part.name, part.text);
    else {
      if (part.bytes === undefined) throw new Error(`the part ${part.name} has no bytes`);
      const blob = new Blob([new Uint8Array(part.bytes)], { type: part.facts.mediaType });
      form.append(part.name, blob, part.fileName);
    }
  }
  return form;
}

function failureOf(cause: unknown, { url }: WireRequest, signal: AbortSignal): unknown {
  if (signal.aborted) return signal.reason;
  if (cause instanceof ProviderFailure) return cause;
  const { origin } = new URL(url);
  // Codes would not tell: a way that is gone has the same one before and after the request left.
  if (cause instanceof NotConnected) {
    const message = `No connection to ${origin} came about.`;
    return new ProviderFailure(FailureClass.UNAVAILABLE, message, { isNotSent: true, cause });
  }
  const message = `The connection to ${origin} was lost after the request had left.`;
  return new ProviderFailure(FailureClass.UNKNOWN_OUTCOME, message, { cause });
}
