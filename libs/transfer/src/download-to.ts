import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { withAttempts } from './attempts.ts';
import type { TransferOptions } from './put-bytes.ts';
import { errorOfException } from './transfer-error.ts';
import { type DownloadSource, verified } from './verified.ts';

/**
 * Writes an image's bytes to a file, verifying digest and length. The file appears whole or not at all; one that is
 * there is replaced. Rejects as `getBytes` does, and with Node's own error where the file cannot be written.
 */
export async function downloadTo(
  source: DownloadSource,
  path: string,
  options: TransferOptions = {},
): Promise<void> {
  const partial = `${path}.${randomUUID()}.partial`;
  try {
    await withAttempts(() => downloadOnce(source, partial, options.signal), options.signal);
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}

async function downloadOnce(source: DownloadSource, path: string, signal?: AbortSignal): Promise<void> {
  try {
    await pipeline(Readable.from(verified(source, signal), { objectMode: false }), createWriteStream(path));
  } catch (thrown) {
    if (isFileError(thrown)) throw thrown;
    throw errorOfException(thrown, signal);
  }
}

function isFileError(thrown: unknown): boolean {
  return typeof (thrown as { path?: unknown } | null)?.path === 'string';
}
