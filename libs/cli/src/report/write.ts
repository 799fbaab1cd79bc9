import { randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { UsageError } from '../usage-error.ts';

/** Characters that are gathered before they are written. */
const HELD = 1 << 20;

/** A file that appears whole or not at all. One that is there is replaced, once the new one is complete. */
export class WholeFile implements AsyncDisposable {
  readonly #path: string;
  readonly #partial: string;
  readonly #handle: FileHandle;
  #isDone = false;

  private constructor(path: string, partial: string, handle: FileHandle) {
    this.#path = path;
    this.#partial = partial;
    this.#handle = handle;
  }

  /** Opens it, so that a path that cannot be written is told before anything is read. Throws a `UsageError` there. */
  static async open(file: string): Promise<WholeFile> {
    const path = resolve(file);
    const partial = `${path}.${randomUUID()}.partial`;
    try {
      await mkdir(dirname(path), { recursive: true });
      return new WholeFile(path, partial, await open(partial, 'wx'));
    } catch (error) {
      throw new UsageError(`${file}: cannot be written (${(error as NodeJS.ErrnoException).code})`);
    }
  }

  /** Writes everything and puts it in place; gives its length in bytes. */
  async write(chunks: AsyncIterable<string>, signal: AbortSignal): Promise<number> {
    let held = '';
    for await (const chunk of chunks) {
      signal.throwIfAborted();
      held += chunk;
      if (held.length < HELD) continue;
      await this.#handle.appendFile(held);
      held = '';
    }
    await this.#handle.appendFile(held);
    const { size } = await this.#handle.stat();
    await this.#handle.close();
    await rename(this.#partial, this.#path);
    this.#isDone = true;
    return size;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#isDone) return;
    await this.#handle.close();
    await rm(this.#partial, { force: true });
  }
}
