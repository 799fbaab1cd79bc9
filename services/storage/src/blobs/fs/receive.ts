import { createHash } from 'node:crypto';
import { open, rm } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import type { UploadTerms } from '../blob-store.ts';

/** Why bytes are not the ones that were announced. */
export type RefusalReason = 'too-long' | 'too-short' | 'other-digest' | 'broken-off';

/** What arrived is not what was announced. Nothing of it was kept. */
export class UploadRefused extends Error {
  override readonly name = 'UploadRefused';
  readonly why: RefusalReason;

  constructor(why: RefusalReason, cause?: unknown) {
    super(`the upload is refused: ${why}`, cause === undefined ? undefined : { cause });
    this.why = why;
  }
}

/**
 * Writes a stream to a temporary file while hashing it, flushes it and gives the path. Stops reading at the first byte
 * too many.
 */
export async function receive(stream: Readable, terms: UploadTerms, path: string): Promise<string> {
  const file = await open(path, 'wx', 0o600);
  try {
    const hash = createHash('sha256');
    let length = 0;
    for await (const chunk of chunksOf(stream)) {
      length += chunk.byteLength;
      if (length > terms.sizeBytes) throw new UploadRefused('too-long');
      hash.update(chunk);
      await file.writeFile(chunk);
    }
    if (length < terms.sizeBytes) throw new UploadRefused('too-short');
    if (hash.digest('hex') !== terms.sha256) throw new UploadRefused('other-digest');
    await file.sync();
    await file.close();
    return path;
  } catch (error) {
    await file.close();
    await rm(path, { force: true });
    throw error;
  }
}

/** The stream stays open when reading ends early, so that an answer can still be given on its connection. */
async function* chunksOf(stream: Readable): AsyncGenerator<Buffer> {
  try {
    yield* stream.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
  } catch (error) {
    throw new UploadRefused('broken-off', error);
  }
}
