import { VendorError } from './driver.ts';
import { readRefusal } from './refusals.ts';

/** Longest answer in bytes. With twenty alternatives for each of four thousand tokens it is about eight million. */
const LONGEST_ANSWER = 32_000_000;

/** Codes of failures before anything left. */
const NOT_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** What a transport needs to know. */
export interface TransportOptions {
  /** All requests go below this address. */
  readonly baseUrl: string;
  /** Headers that hold the credential. SDKs do not get it, so that it cannot be in what they throw. */
  readonly credential: Readonly<Record<string, string>>;
  /** Changes the JSON of a request, for what an SDK does not know. */
  readonly amend?: (body: Record<string, unknown>) => Record<string, unknown>;
  /** Further headers. */
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * How everything leaves and comes back, for the SDKs to use in place of `fetch`. Redirects are not followed, answers are bounded,
 * and whatever is no success becomes a `VendorError` here, so that SDKs see successes alone: they would quote the request in
 * their own errors.
 */
export function openTransport(options: TransportOptions): typeof globalThis.fetch {
  const { baseUrl, credential, headers, amend } = options;
  return async (input, init = {}) => {
    const url = String(input instanceof Request ? input.url : input);
    if (!url.startsWith(`${baseUrl}/`)) {
      throw new VendorError('unavailable', 'the answer leads to another address, which is not followed');
    }
    const all = new Headers(init.headers);
    for (const [name, value] of Object.entries({ ...headers, ...credential })) all.set(name, value);
    const body = amend === undefined ? init.body : JSON.stringify(amend(JSON.parse(String(init.body))));
    const response = await send(url, { ...init, headers: all, body: body ?? null, redirect: 'manual' });
    const bytes = await receive(response, init.signal);
    if (response.ok) return new Response(bytes, { status: response.status, headers: response.headers });
    throw readRefusal(response.status, response.headers, bytes.toString('utf8'));
  };
}

async function send(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (error) {
    init.signal?.throwIfAborted();
    throw lost(error);
  }
}

async function receive(
  response: Response,
  signal: AbortSignal | null | undefined,
): Promise<Buffer<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of response.body ?? []) {
      size += chunk.byteLength;
      // Leaving the loop closes the connection.
      if (size > LONGEST_ANSWER) break;
      chunks.push(chunk);
    }
  } catch (error) {
    signal?.throwIfAborted();
    throw lost(error);
  }
  if (size > LONGEST_ANSWER) {
    throw new VendorError('malformed', 'the answer is longer than any may be', { mayBeBilled: true });
  }
  return Buffer.concat(chunks);
}

function lost(error: unknown): VendorError {
  const code = codeOf(error);
  const mayBeBilled = !(NOT_SENT.has(code) || code.startsWith('CERT_') || code.startsWith('ERR_TLS'));
  return new VendorError('unavailable', `the connection failed (${code})`, { mayBeBilled });
}

/** The code of a failure, which its cause has; its message may hold anything. */
function codeOf(error: unknown): string {
  let at = error as { code?: unknown; cause?: unknown } | null | undefined;
  for (let depth = 0; at && depth < 5; depth += 1) {
    if (typeof at.code === 'string' && /^[A-Z0-9_]{2,40}$/.test(at.code)) return at.code;
    at = at.cause as typeof at;
  }
  return 'unknown';
}
