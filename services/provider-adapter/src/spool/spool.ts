import { createHash, randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** Bytes on disk with what is known of them. */
export interface SpooledFile {
  readonly path: string;
  readonly sizeBytes: number;
  /** 64 hex digits. */
  readonly sha256: string;
}

/** What is spooled: bytes at hand, or bytes as they come. */
export type SpoolSource = Uint8Array | AsyncIterable<Uint8Array>;

/** More bytes came than are taken. */
export class TooManyBytes extends Error {
  override readonly name = 'TooManyBytes';
  readonly maxBytes: number;

  constructor(maxBytes: number) {
    super(`there are more than ${maxBytes} bytes`);
    this.maxBytes = maxBytes;
  }
}

/** Most bytes of a result, in bytes: a picture of 64 megapixels as uncompressed RGB, which no format exceeds by much. */
export const MAX_RESULT_BYTES = 192 * 1024 * 1024;

/** What another process left in its part of the spool is dropped after so many milliseconds: no request lasts so long. */
const LEFT_BEHIND_MS = 24 * 3_600_000;

/**
 * Where results lie while they are checked and stored, so that no picture is ever held whole in memory for long. Files that
 * are not moved away belong to whoever spooled them; all of them go when the spool is disposed.
 */
export class Spool implements AsyncDisposable {
  readonly #directory: string;
  readonly #ready: Promise<void>;

  /** Each process has a part of the directory to itself. */
  constructor(directory: string) {
    this.#directory = join(directory, randomUUID());
    this.#ready = prepare(directory, this.#directory);
    // Whoever spools first is told.
    this.#ready.catch(() => {});
  }

  /**
   * Writes what comes to a file, hashing on the way, so that only a piece at a time is in memory. Rejects with
   * `TooManyBytes`, and with whatever the source rejects with; then nothing is left on disk.
   */
  async write(source: SpoolSource, maxBytes: number = MAX_RESULT_BYTES): Promise<SpooledFile> {
    const path = await this.newPath();
    const hash = createHash('sha256');
    let sizeBytes = 0;
    async function* counted(): AsyncGenerator<Uint8Array> {
      for await (const chunk of source instanceof Uint8Array ? [source] : source) {
        sizeBytes += chunk.byteLength;
        if (sizeBytes > maxBytes) throw new TooManyBytes(maxBytes);
        hash.update(chunk);
        yield chunk;
      }
    }
    try {
      await pipeline(Readable.from(counted(), { objectMode: false }), createWriteStream(path));
    } catch (error) {
      await rm(path, { force: true });
      throw error;
    }
    return { path, sizeBytes, sha256: hash.digest('hex') };
  }

  /** A path for a file that something else writes, such as the image library. */
  async newPath(): Promise<string> {
    await this.#ready;
    return join(this.#directory, randomUUID());
  }

  async drop({ path }: SpooledFile): Promise<void> {
    await rm(path, { force: true });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#ready.catch(() => {});
    await rm(this.#directory, { recursive: true, force: true });
  }
}

async function prepare(root: string, own: string): Promise<void> {
  await mkdir(own, { recursive: true });
  for (const name of await readdir(root)) {
    const path = join(root, name);
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Number.POSITIVE_INFINITY }));
    if (mtimeMs < Date.now() - LEFT_BEHIND_MS) await rm(path, { recursive: true, force: true });
  }
}
