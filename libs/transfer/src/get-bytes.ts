import { withAttempts } from './attempts.ts';
import type { TransferOptions } from './put-bytes.ts';
import { errorOfException } from './transfer-error.ts';
import { type DownloadSource, type Expected, verified } from './verified.ts';

/** How bytes are read into memory. */
export interface GetOptions extends TransferOptions {
  /** Most that is accepted; more is refused before anything is read. */
  readonly maxBytes: number;
}

/**
 * Reads an image's bytes into memory, and verifies digest and length. Rejects with a `TransferError`: INVALID_ARGUMENT
 * (IMAGE_TOO_LARGE) above `maxBytes`, DATA_LOSS (DIGEST_MISMATCH) for other bytes than the reference names.
 */
export async function getBytes(source: DownloadSource, options: GetOptions): Promise<Buffer> {
  const expected: Expected = { ...source, maxBytes: options.maxBytes };
  return withAttempts(async () => {
    try {
      const chunks: Uint8Array[] = [];
      for await (const chunk of verified(expected, options.signal)) chunks.push(chunk);
      return Buffer.concat(chunks);
    } catch (thrown) {
      throw errorOfException(thrown, options.signal);
    }
  }, options.signal);
}
