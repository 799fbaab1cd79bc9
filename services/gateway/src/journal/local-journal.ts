import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type ClaimedCycle, type CycleJournal, FencedError } from './cycle-journal.ts';
import type { JournalEntry } from './journal-entry.ts';
import { formatLine, parseJournal } from './journal-line.ts';

/** How the local journal is kept. */
export interface LocalJournalOptions {
  /** Directory of its own; made where it is missing. */
  readonly directory: string;
  /** How long ended journals are kept, in milliseconds; the default is 7 days, as long as a request_id. */
  readonly retentionMs?: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

interface Owned {
  readonly epoch: number;
  /** Length that the file has while nobody else writes to it. */
  size: number;
}

const SUFFIX = '.jsonl';
const DEFAULT_RETENTION_MS = 7 * 24 * 60 * 60 * 1000;

/**
 * The archive is sharded by the first 6 hex digits of the ids. In a UUIDv7 these are the top bits of its time in
 * milliseconds, so that a shard holds 2^24 ms (4.7 hours) and is dropped whole.
 */
const SHARD_DIGITS = 6;
const SHARD_MS = 2 ** 24;

/**
 * A journal on the local disk, for one gateway: an append-only file of JSON lines for each generation, synced before an
 * append is acknowledged. A line that a crash tore is cut off at the next claim. A file that grew by another hand, which a
 * second gateway on the same directory would do, fences this one off.
 */
export async function openLocalJournal(options: LocalJournalOptions): Promise<CycleJournal> {
  const journal = new LocalJournal(options);
  await journal.prepare();
  return journal;
}

class LocalJournal implements CycleJournal {
  readonly isSole = true;
  readonly #directory: string;
  readonly #archive: string;
  readonly #retentionMs: number;
  readonly #now: () => number;
  readonly #owned = new Map<string, Owned>();
  #lastPruneMs = 0;

  constructor({ directory, retentionMs = DEFAULT_RETENTION_MS, now }: LocalJournalOptions) {
    this.#directory = directory;
    this.#archive = join(directory, 'archive');
    this.#retentionMs = retentionMs;
    this.#now = now;
  }

  async prepare(): Promise<void> {
    await mkdir(this.#archive, { recursive: true, mode: 0o700 });
    await this.#prune();
  }

  async create(id: string, first: JournalEntry): Promise<number> {
    const epoch = 1;
    const line = formatLine(epoch, first);
    const file = await open(this.#path(id), 'wx', 0o600);
    try {
      await file.writeFile(line);
      await file.datasync();
    } finally {
      await file.close();
    }
    await syncDirectory(this.#directory);
    this.#owned.set(id, { epoch, size: Buffer.byteLength(line) });
    return epoch;
  }

  async append(id: string, epoch: number, entry: JournalEntry): Promise<void> {
    const owned = this.#owner(id, epoch);
    const bytes = Buffer.from(formatLine(epoch, entry));
    const file = await open(this.#path(id), 'a');
    try {
      const { size } = await file.stat();
      if (size !== owned.size) throw new FencedError(id, epoch);
      await file.writeFile(bytes);
      await file.datasync();
    } finally {
      await file.close();
    }
    owned.size += bytes.length;
  }

  async claim(id: string): Promise<ClaimedCycle | undefined> {
    const bytes = await readIfThere(this.#path(id));
    if (bytes === undefined) return undefined;
    const parsed = parseJournal(bytes);
    const epoch = parsed.epoch + 1;
    const mark = Buffer.from(formatLine(epoch));
    const file = await open(this.#path(id), 'r+');
    try {
      await file.truncate(parsed.wholeBytes);
      await file.write(mark, 0, mark.length, parsed.wholeBytes);
      await file.datasync();
    } finally {
      await file.close();
    }
    this.#owned.set(id, { epoch, size: parsed.wholeBytes + mark.length });
    return { epoch, entries: parsed.entries };
  }

  async unfinished(): Promise<string[]> {
    const names = await readdir(this.#directory);
    // Ids are UUIDv7, so that their order is that of their making.
    return names
      .filter((name) => name.endsWith(SUFFIX))
      .map((name) => name.slice(0, -SUFFIX.length))
      .sort();
  }

  async archive(id: string, epoch: number): Promise<void> {
    this.#owner(id, epoch);
    const target = this.#archivePath(id);
    await mkdir(dirname(target), { recursive: true, mode: 0o700 });
    await rename(this.#path(id), target);
    this.#owned.delete(id);
    if (this.#now() - this.#lastPruneMs >= SHARD_MS) await this.#prune();
  }

  async discard(id: string, epoch: number): Promise<void> {
    this.#owner(id, epoch);
    await rm(this.#path(id), { force: true });
    this.#owned.delete(id);
  }

  async archived(id: string): Promise<readonly JournalEntry[] | undefined> {
    const bytes = await readIfThere(this.#archivePath(id));
    return bytes === undefined ? undefined : parseJournal(bytes).entries;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#owned.clear();
  }

  #owner(id: string, epoch: number): Owned {
    const owned = this.#owned.get(id);
    if (owned?.epoch !== epoch) throw new FencedError(id, epoch);
    return owned;
  }

  #path(id: string): string {
    return join(this.#directory, `${id}${SUFFIX}`);
  }

  #archivePath(id: string): string {
    return join(this.#archive, id.slice(0, SHARD_DIGITS), `${id}${SUFFIX}`);
  }

  async #prune(): Promise<void> {
    this.#lastPruneMs = this.#now();
    const oldest = this.#lastPruneMs - this.#retentionMs;
    for (const shard of await readdir(this.#archive)) {
      const endMs = (Number.parseInt(shard, 16) + 1) * SHARD_MS;
      if (endMs < oldest) await rm(join(this.#archive, shard), { recursive: true, force: true });
    }
  }
}

async function readIfThere(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** A new file is only there for good once its directory is synced. */
async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
