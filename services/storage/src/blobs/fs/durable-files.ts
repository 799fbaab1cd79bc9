import { randomUUID } from 'node:crypto';
import { link, mkdir, open, rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { errorCode, ifThere } from '../../shared/error-code.ts';

/** How often a directory may vanish under our hands, as another call tidies it away, before that is a fault. */
const VANISHED_ATTEMPTS = 10;

/**
 * Files that are either wholly there or not at all, and that survive a loss of power once a call has returned: they are
 * written beside the tree, flushed, and linked into it; then the directory is flushed too.
 */
export class DurableFiles {
  readonly #root: string;
  readonly #temporary: string;

  constructor(root: string, temporary: string) {
    this.#root = root;
    this.#temporary = temporary;
  }

  /** Makes the directories, and removes what an earlier process left half-written. One process uses them at a time. */
  async prepare(): Promise<void> {
    await rm(this.#temporary, { recursive: true, force: true });
    await mkdir(this.#temporary, { recursive: true, mode: 0o700 });
    await mkdir(this.#root, { recursive: true, mode: 0o700 });
  }

  /** A name that nobody else uses, in the same file system as the tree. */
  temporaryPath(): string {
    return join(this.#temporary, randomUUID());
  }

  /** Writes a flushed temporary file and gives its path. */
  async writeTemporary(bytes: Uint8Array): Promise<string> {
    const path = this.temporaryPath();
    const file = await open(path, 'wx', 0o600);
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    return path;
  }

  /**
   * Gives a flushed file its final name unless that is taken, and tells whether it got it. The old name goes either way.
   * Rejects with ENOENT where the file is not there.
   */
  async publish(from: string, to: string): Promise<boolean> {
    const directory = dirname(to);
    const won = await this.#link(from, to, directory);
    await rm(from, { force: true });
    // Also where another one won: it may not have come to this point, and whoever lost relies on it.
    await syncDirectory(directory);
    return won;
  }

  /** Removes files, and the directories that they leave empty. */
  async remove(paths: readonly string[]): Promise<void> {
    for (const path of paths) await rm(path, { force: true });
    for (const directory of new Set(paths.map(dirname))) {
      await ifThere(syncDirectory(directory));
      await this.#tidy(directory);
    }
  }

  async #link(from: string, to: string, directory: string): Promise<boolean> {
    for (let attempt = 1; ; attempt += 1) {
      const first = await mkdir(directory, { recursive: true, mode: 0o700 });
      if (first !== undefined) await this.#syncUpTo(directory, dirname(first));
      try {
        await link(from, to);
        return true;
      } catch (error) {
        if (errorCode(error) === 'EEXIST') return false;
        const vanished =
          errorCode(error) === 'ENOENT' && (await ifThere(syncDirectory(directory))) === undefined;
        if (!vanished || attempt === VANISHED_ATTEMPTS) throw error;
      }
    }
  }

  /** A new directory lasts only once the one above it is flushed. */
  async #syncUpTo(from: string, top: string): Promise<void> {
    for (let path = dirname(from); path.length >= top.length; path = dirname(path)) {
      await ifThere(syncDirectory(path));
    }
  }

  /** The directories at the top stay: they are filled and emptied all the time. */
  async #tidy(from: string): Promise<void> {
    for (let path = from; dirname(path).length > this.#root.length; path = dirname(path)) {
      try {
        await rmdir(path);
      } catch {
        return;
      }
    }
  }
}

/** Flushes a directory's entries; gives true, so that its absence can be told. */
async function syncDirectory(path: string): Promise<true> {
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
  return true;
}
