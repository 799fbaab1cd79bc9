import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { alreadyExists } from '@atelier/rpc';
import type { IdempotencyClaim, IdempotencyStore } from '../generations/ports.ts';

/** How long a request_id is remembered, in milliseconds. */
const KEPT_MS = 7 * 24 * 3_600_000;

/** The file is written anew when so many of its lines say nothing any more. */
const MAX_STALE_LINES = 10_000;

/** Version of the lines, so that a later one can tell. */
const SCHEMA = 1;

interface Line {
  readonly v: number;
  readonly team: string;
  readonly id: string;
  readonly name: string;
  /** Absent where the claim was taken back. */
  readonly hash?: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/**
 * Remembers request_ids of one process in a file of one JSON object a line, synced before a claim is answered. It is
 * read whole at the start; a torn last line, which was never answered, is passed over.
 */
export class LocalIdempotencyStore implements IdempotencyStore, AsyncDisposable {
  readonly #path: string;
  readonly #now: () => Date;
  readonly #claims = new Map<string, Line>();
  #file: Promise<FileHandle> | undefined;
  #tail: Promise<unknown> = Promise.resolve();
  #staleLines = 0;
  /** What must go in front of the next line: a torn line is ended, so that the next one is not part of it. */
  #separator = '';

  constructor(path: string, now: () => Date) {
    this.#path = path;
    this.#now = now;
    mkdirSync(dirname(path), { recursive: true });
    this.#read();
    this.#compact();
  }

  async claim({ team, requestId, bodyHash, name }: IdempotencyClaim): Promise<string | undefined> {
    const key = keyOf(team, requestId);
    const known = this.#claims.get(key);
    if (known !== undefined && !this.#isPast(known)) {
      if (known.hash === bodyHash) {
        // An earlier claim of the same id may not be on disk yet.
        await this.#tail;
        return this.#claims.get(key)?.name ?? known.name;
      }
      throw alreadyExists(`The request_id was used for ${known.name} with another body.`, {
        reason: 'REQUEST_ID_REUSED',
        metadata: { resource: known.name },
      });
    }
    const line = { v: SCHEMA, team, id: requestId, name, hash: bodyHash, at: this.#now().getTime() };
    // The id is taken at once, so that of two calls at the same time one finds the other.
    this.#claims.set(key, line);
    try {
      await this.#append(line);
    } catch (error) {
      if (this.#claims.get(key) === line) this.#claims.delete(key);
      throw error;
    }
    return undefined;
  }

  async forget({
    team,
    requestId,
    name,
  }: Pick<IdempotencyClaim, 'team' | 'requestId' | 'name'>): Promise<void> {
    const key = keyOf(team, requestId);
    if (this.#claims.get(key)?.name !== name) return;
    this.#claims.delete(key);
    await this.#append({ v: SCHEMA, team, id: requestId, name, at: this.#now().getTime() });
    this.#staleLines += 2;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#tail.catch(() => undefined);
    await (await this.#file)?.close();
    this.#file = undefined;
  }

  /** Lines are written one after the other; those that wait are synced together by the disk's own cache. */
  #append(line: Line): Promise<void> {
    const written = this.#tail
      .catch(() => undefined)
      .then(async () => {
        this.#file ??= open(this.#path, 'a', 0o600);
        const file = await this.#file;
        await file.appendFile(`${this.#separator}${JSON.stringify(line)}\n`);
        await file.datasync();
        this.#separator = '';
      });
    this.#tail = written;
    return written;
  }

  #read(): void {
    const lines = readLines(this.#path);
    if ((lines.at(-1) ?? '') !== '') this.#separator = '\n';
    for (const text of lines) {
      const line = parseLine(text);
      if (line === undefined) continue;
      const key = keyOf(line.team, line.id);
      if (line.hash === undefined) this.#claims.delete(key);
      else if (!this.#isPast(line)) this.#claims.set(key, line);
      this.#staleLines += 1;
    }
    this.#staleLines -= this.#claims.size;
  }

  /** At the start only, when nobody else writes. */
  #compact(): void {
    if (this.#staleLines < MAX_STALE_LINES) return;
    const temporary = `${this.#path}.new`;
    const lines = [...this.#claims.values()].map((line) => `${JSON.stringify(line)}\n`);
    writeFileSync(temporary, lines.join(''), { mode: 0o600 });
    const file = openSync(temporary, 'r');
    fsyncSync(file);
    closeSync(file);
    renameSync(temporary, this.#path);
    this.#staleLines = 0;
    this.#separator = '';
  }

  #isPast({ at }: Line): boolean {
    return at + KEPT_MS <= this.#now().getTime();
  }
}

function keyOf(team: string, requestId: string): string {
  return `${team}|${requestId}`;
}

function readLines(path: string): readonly string[] {
  try {
    return readFileSync(path, 'utf8').split('\n');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

function parseLine(text: string): Line | undefined {
  try {
    const line = JSON.parse(text) as Line;
    return line.v === SCHEMA ? line : undefined;
  } catch {
    return undefined;
  }
}
