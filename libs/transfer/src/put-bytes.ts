import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { request } from 'undici';
import { answerReason } from './answer.ts';
import { withAttempts } from './attempts.ts';
import { errorOfException, errorOfStatus } from './transfer-error.ts';

/** Where to put bytes: the answer of `CreateUpload` fits. */
export interface UploadTarget {
  /** The signed URL. */
  readonly url: string;
  /** Headers that are signed, and so must be sent. */
  readonly headers: Readonly<Record<string, string>>;
}

/** How a transfer is done. */
export interface TransferOptions {
  /** Ends the transfer early. A reason named TimeoutError counts as a passed deadline. */
  readonly signal?: AbortSignal | undefined;
}

/** Silence after which a transfer counts as failed, in milliseconds. */
export const SILENCE_MS = 30_000;

/**
 * Puts the bytes of an upload to its signed URL, with two repeats where the store could not be reached. Rejects with a
 * `TransferError`: PERMISSION_DENIED for a URL that is not good any more, INVALID_ARGUMENT for bytes that are not the
 * declared ones, UNAVAILABLE where the store is away.
 */
export async function putBytes(
  target: UploadTarget,
  bytes: Uint8Array,
  options: TransferOptions = {},
): Promise<void> {
  await withAttempts(() => putOnce(target, bytes, bytes.byteLength, options.signal), options.signal);
}

/** As `putBytes`, from a file, of which only a piece at a time is in memory. */
export async function putFile(
  target: UploadTarget,
  file: { readonly path: string; readonly sizeBytes: number },
  options: TransferOptions = {},
): Promise<void> {
  const once = () => putOnce(target, createReadStream(file.path), file.sizeBytes, options.signal);
  await withAttempts(once, options.signal);
}

async function putOnce(
  target: UploadTarget,
  body: Uint8Array | Readable,
  length: number,
  signal?: AbortSignal,
): Promise<void> {
  try {
    const answer = await request(target.url, {
      method: 'PUT',
      headers: { ...target.headers, 'content-length': String(length) },
      body,
      headersTimeout: SILENCE_MS,
      bodyTimeout: SILENCE_MS,
      signal: signal ?? null,
    });
    const error = errorOfStatus(answer.statusCode, await answerReason(answer));
    if (error !== undefined) throw error;
  } catch (thrown) {
    throw errorOfException(thrown, signal);
  }
}
