import { createHash } from 'node:crypto';
import { abortedError } from '../rpc/aborted.ts';
import { AtelierError } from '../rpc/atelier-error.ts';
import { Code } from '../rpc/code.ts';
import type { Retries } from '../rpc/retry.ts';

/** What is expected at a signed URL: an `ImageRef` fits. */
export interface Expected {
  readonly url: string;
  readonly sha256: string;
  readonly sizeBytes: bigint;
}

/** Headers that fetch sets by itself, from the URL and the body. */
const OWN_HEADERS = new Set(['host', 'content-length', 'connection']);

/** Puts bytes to a signed URL. Repeating it is safe: the URL is good for these bytes alone. */
export async function putBytes(
  target: { readonly url: string; readonly headers: Readonly<Record<string, string>> },
  bytes: Uint8Array,
  signal: AbortSignal,
  retries: Retries,
): Promise<void> {
  const headers = Object.entries(target.headers).filter(([name]) => !OWN_HEADERS.has(name.toLowerCase()));
  await attempt(retries, async () => {
    const answer = await request(target.url, {
      method: 'PUT',
      headers,
      body: bytes as Uint8Array<ArrayBuffer>,
      signal,
    });
    await answer.arrayBuffer();
  });
}

/** Reads what is at a signed URL, and checks that it is what the reference names. */
export async function getBytes(
  expected: Expected,
  signal: AbortSignal,
  retries: Retries,
): Promise<Uint8Array> {
  return attempt(retries, async () => {
    const answer = await request(expected.url, { signal });
    const body = await answer.arrayBuffer().catch((error) => {
      throw lost(error, signal);
    });
    const bytes = new Uint8Array(body);
    const digest = createHash('sha256').update(bytes).digest('hex');
    if (BigInt(bytes.byteLength) !== expected.sizeBytes || digest !== expected.sha256) {
      throw new AtelierError(Code.DATA_LOSS, 'The bytes are not those that the reference names.', {
        reason: 'DIGEST_MISMATCH',
      });
    }
    return bytes;
  });
}

async function attempt<T>(retries: Retries, once: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await once();
    } catch (error) {
      if (!(error instanceof AtelierError) || error.code !== Code.UNAVAILABLE) throw error;
      await retries.pause(error);
    }
  }
}

async function request(url: string, init: RequestInit & { readonly signal: AbortSignal }): Promise<Response> {
  const answer = await fetch(url, { ...init, redirect: 'follow' }).catch((error) => {
    throw lost(error, init.signal);
  });
  if (answer.ok) return answer;
  const text = (await answer.text().catch(() => '')).slice(0, 4_096);
  throw refused(answer.status, text);
}

function refused(status: number, text: string): AtelierError {
  const isPassing = status === 408 || status === 429 || status >= 500;
  const code =
    status === 403
      ? Code.PERMISSION_DENIED
      : status === 404
        ? Code.NOT_FOUND
        : isPassing
          ? Code.UNAVAILABLE
          : Code.INVALID_ARGUMENT;
  return new AtelierError(code, `The object store answered ${status}.`, {
    reason: reasonOf(text) ?? '',
    metadata: { status: String(status) },
  });
}

/** Our own store puts the reason of the contract into its errors. */
function reasonOf(text: string): string | undefined {
  try {
    const { reason } = JSON.parse(text) as { reason?: unknown };
    return typeof reason === 'string' ? reason : undefined;
  } catch {
    return undefined;
  }
}

function lost(cause: unknown, signal: AbortSignal): AtelierError {
  if (signal.aborted) return abortedError(signal);
  return new AtelierError(Code.UNAVAILABLE, 'The object store could not be reached.', {
    reason: 'SERVICE_UNREACHABLE',
    cause,
  });
}
