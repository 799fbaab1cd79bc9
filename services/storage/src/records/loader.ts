import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '@atelier/observability';
import pLimit from 'p-limit';
import { KeyedLock } from '../shared/keyed-lock.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';
import { fillFromTruth, type RebuildProgress } from './rebuild.ts';
import type { Segment } from './record-kinds.ts';
import type { PendingSegment, TruthStore } from './truth-store.ts';

/** How far the index is behind the truth. */
export interface LoaderStatus {
  /** Everything that was written before this is in the index. */
  readonly asOf: Date;
  readonly pendingSegments: number;
  /** Age of the oldest segment that waits, in milliseconds. */
  readonly lagMs: number;
  /** Last failure; empty where the loader works. */
  readonly lastError: string;
}

/** A rebuild is under way already. */
export class RebuildRunning extends Error {
  override readonly name = 'RebuildRunning';
}

/** What the loader needs. */
export interface LoaderOptions {
  readonly truth: TruthStore;
  readonly warehouse: Warehouse;
  readonly log: Logger;
  readonly now: () => Date;
}

const BATCH = 128;
const READERS = 16;

/** Pauses between attempts while the warehouse is away, in milliseconds. */
const FIRST_PAUSE_MS = 250;
const LAST_PAUSE_MS = 15_000;

/**
 * Moves what is written into the warehouse, in batches, as soon as it can. It may die at any point: a segment's marker
 * goes only once the warehouse has the segment, and taking one in twice changes nothing.
 */
export class Loader implements AsyncDisposable {
  readonly #options: LoaderOptions;
  /** Segments that wait, by marker, in the order in which they came. The key is known for those of this process. */
  readonly #pending = new Map<string, string | undefined>();
  readonly #warehouseLock = new KeyedLock();
  readonly #stopping = new AbortController();
  #changed = Promise.withResolvers<void>();
  #lastAdded = '';
  #isBuilt = false;
  #isRebuilding = false;
  #lastError = '';
  #running: Promise<void> = Promise.resolve();

  constructor(options: LoaderOptions) {
    this.#options = options;
  }

  /** Takes up what an earlier process left, and begins. Called before anything is written. */
  async start(): Promise<void> {
    for (const marker of await this.#options.truth.markers()) this.#add(marker, undefined);
    this.#running = this.#run();
  }

  /** Takes in what was just written. */
  add({ marker, key }: PendingSegment): void {
    this.#add(marker, key);
  }

  /**
   * Waits until everything that is written by now is in the warehouse, for so many milliseconds at most, and not at all
   * while the warehouse fails: a list that is a little old is better than none, and says as of when it is.
   */
  async flush(maxMs: number): Promise<void> {
    const last = this.#lastAdded;
    const timeout = AbortSignal.timeout(maxMs);
    const isBehind = () => !this.#isBuilt || this.#pending.has(last);
    while (isBehind() && this.#lastError === '' && !timeout.aborted) {
      await raceAbort(this.#changed.promise, timeout);
    }
  }

  /** How far the warehouse is behind. */
  status(): LoaderStatus {
    const now = this.#options.now();
    const times = [...this.#pending.keys()].map(timeOfMarker);
    const oldest = times.reduce((least, time) => Math.min(least, time), now.getTime());
    return {
      asOf: this.#isBuilt ? new Date(oldest) : new Date(0),
      pendingSegments: this.#pending.size,
      lagMs: now.getTime() - oldest,
      lastError: this.#lastError,
    };
  }

  /**
   * Empties the warehouse and fills it from the object store. Readers see the old content until it is done. Throws
   * `RebuildRunning` where one is under way.
   */
  async rebuild(onProgress: (progress: RebuildProgress) => void, signal: AbortSignal): Promise<void> {
    if (this.#isRebuilding) throw new RebuildRunning('the warehouse is being rebuilt already');
    this.#isRebuilding = true;
    try {
      await this.#warehouseLock.run('', () => fillFromTruth(this.#options, onProgress, signal));
      this.#isBuilt = true;
    } finally {
      this.#isRebuilding = false;
      this.#notify();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopping.abort();
    this.#notify();
    await this.#running;
  }

  #add(marker: string, key: string | undefined): void {
    this.#pending.set(marker, key);
    this.#lastAdded = marker;
    this.#notify();
  }

  #notify(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    let pause = FIRST_PAUSE_MS;
    while (!signal.aborted) {
      try {
        if (!this.#isBuilt) await this.#build();
        if (this.#pending.size > 0) await this.#warehouseLock.run('', () => this.#loadBatch());
        else if (!signal.aborted) await this.#changed.promise;
        pause = FIRST_PAUSE_MS;
      } catch (error) {
        if (signal.aborted) return;
        this.#fail(error);
        await sleep(pause, undefined, { signal }).catch(() => undefined);
        pause = Math.min(2 * pause, LAST_PAUSE_MS);
      }
    }
  }

  /** A warehouse that was never filled whole may lack what other processes wrote and no marker names any more. */
  async #build(): Promise<void> {
    if (!(await this.#options.warehouse.isBuilt()))
      await this.rebuild(() => undefined, this.#stopping.signal);
    this.#isBuilt = true;
    this.#notify();
  }

  async #loadBatch(): Promise<void> {
    const { truth } = this.#options;
    const limit = pLimit(READERS);
    const batch = [...this.#pending].slice(0, BATCH);
    const read = await Promise.all(batch.map(([marker, key]) => limit(() => this.#read(marker, key))));
    await this.#merge(read.filter((entry) => entry !== undefined));
    const done = batch.map(([marker]) => marker).filter((marker) => this.#pending.has(marker));
    await truth.clearMarkers(done);
    for (const marker of done) this.#pending.delete(marker);
    this.#lastError = '';
    this.#notify();
  }

  /** The segment behind a marker; undefined where there is none, since its writer died before it wrote it. */
  async #read(marker: string, knownKey: string | undefined): Promise<Loadable | undefined> {
    const { truth } = this.#options;
    const key = knownKey ?? (await truth.readMarker(marker));
    if (key === undefined) return undefined;
    try {
      const segment = await truth.read(key);
      return segment === undefined ? undefined : { marker, key, segment };
    } catch (error) {
      this.#setAside(marker, key, error);
      return undefined;
    }
  }

  /** Merges segments; one that cannot be taken in by a warehouse that works otherwise does not hold up the others. */
  async #merge(entries: readonly Loadable[]): Promise<void> {
    const { warehouse } = this.#options;
    try {
      await warehouse.load(entries.map(({ segment }) => segment));
    } catch (error) {
      await warehouse.isBuilt();
      const [only, ...others] = entries;
      if (only !== undefined && others.length === 0) this.#setAside(only.marker, only.key, error);
      else for (const entry of entries) await this.#merge([entry]);
    }
  }

  /** The marker stays, so that the segment is tried again after the next start. */
  #setAside(marker: string, key: string, error: unknown): void {
    this.#options.log.error({ err: error, key }, 'a segment cannot be loaded and is set aside');
    this.#pending.delete(marker);
  }

  #fail(error: unknown): void {
    const message = 'The warehouse cannot be written to.';
    if (this.#lastError === '') this.#options.log.warn({ err: error }, 'the warehouse cannot be written to');
    this.#lastError = message;
    this.#notify();
  }
}

interface Loadable extends PendingSegment {
  readonly segment: Segment;
}

/** Markers are named by time-ordered ids, whose first 48 bits are milliseconds since 1970 (RFC 9562). */
function timeOfMarker(marker: string): number {
  const id = marker.slice(marker.lastIndexOf('/') + 1).replaceAll('-', '');
  return Number.parseInt(id.slice(0, 12), 16);
}

async function raceAbort(promise: Promise<void>, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  const { promise: aborted, resolve } = Promise.withResolvers<void>();
  const onAbort = () => resolve();
  signal.addEventListener('abort', onAbort, { once: true });
  await Promise.race([promise, aborted]);
  signal.removeEventListener('abort', onAbort);
}
