import { createHash } from 'node:crypto';
import { request } from 'undici';
import { answerReason } from './answer.ts';
import { SILENCE_MS } from './put-bytes.ts';
import { errorOfStatus, TransferError } from './transfer-error.ts';

/** What to get: an `ImageRef` with a signed `url` fits. */
export interface DownloadSource {
  /** The signed URL. */
  readonly url: string;
  /** SHA-256 that the bytes must have, in hex. */
  readonly sha256: string;
  /** Length that they must have. */
  readonly sizeBytes: bigint | number;
}

/** What is read, and the most that is accepted of it. */
export interface Expected extends DownloadSource {
  readonly maxBytes?: number | undefined;
}

/** The bytes at a signed URL as they come. The end is reached only if all of them are those of the reference. */
export async function* verified(expected: Expected, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
  const size = Number(expected.sizeBytes);
  if (expected.maxBytes !== undefined && size > expected.maxBytes) throw tooLarge(size, expected.maxBytes);
  const answer = await request(expected.url, {
    method: 'GET',
    headersTimeout: SILENCE_MS,
    bodyTimeout: SILENCE_MS,
    signal: signal ?? null,
  });
  if (answer.statusCode !== 200) {
    const reason = await answerReason(answer);
    throw (
      errorOfStatus(answer.statusCode, reason) ??
      new TransferError('UNAVAILABLE', `The object store answered ${answer.statusCode}.`)
    );
  }
  const hash = createHash('sha256');
  let length = 0;
  for await (const chunk of answer.body as AsyncIterable<Buffer>) {
    length += chunk.byteLength;
    if (length > size) throw otherBytes();
    hash.update(chunk);
    yield chunk;
  }
  if (length !== size || hash.digest('hex') !== expected.sha256) throw otherBytes();
}

function tooLarge(size: number, maxBytes: number): TransferError {
  return new TransferError('INVALID_ARGUMENT', `The image has ${size} bytes; ${maxBytes} are allowed.`, {
    reason: 'IMAGE_TOO_LARGE',
  });
}

function otherBytes(): TransferError {
  return new TransferError('DATA_LOSS', 'The bytes are not those that the reference names.', {
    reason: 'DIGEST_MISMATCH',
  });
}
