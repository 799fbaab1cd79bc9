import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { onRedis, type RedisConnections, WakeUps } from '@atelier/coordination';
import { Code, isRpcError } from '@atelier/rpc';
import type { JsonObject } from '@bufbuild/protobuf';
import { LRUCache } from 'lru-cache';
import type { JobClaim } from '../../providers/provider.ts';
import type { SpooledFile } from '../../spool/spool.ts';
import { isThere, makeDirectory, moveDurably } from './durable-file.ts';
import { FREED, passed, type RedisLease, RedisLeases } from './redis-lease.ts';
import { BEGIN, CANCEL, CLAIM, WRITE } from './redis-scripts.ts';
import type { Intent, JournalEntry, Lease, SubmissionJournal } from './submission-journal.ts';

const ENTRIES = 'atelier:adapter:submission:';
const CLAIMS = 'atelier:adapter:job:';
const CANCELLED = 'atelier:adapter:cancelled';

/** Pause between tries to write down what was paid for, in milliseconds. */
const PAUSE_MS = 500;

/** More submissions than one process works on at a time. */
const KNOWN_INTENTS = 1_000;

/** What the journal works with. */
export interface RedisJournalOptions {
  readonly redis: RedisConnections;
  /** Where images lie between the provider's answer and the store. Another replica does not see them. */
  readonly directory: string;
  /** How long an entry is kept, in milliseconds. */
  readonly lifetimeMs: number;
  /** After how long the work of a replica that died goes over to another, in milliseconds. */
  readonly leaseMs: number;
}

/** The journal in Redis, for any number of replicas. */
export class RedisJournal implements SubmissionJournal {
  readonly #options: RedisJournalOptions;
  readonly #leases: RedisLeases;
  readonly #wakeUps = new WakeUps();
  readonly #cancelListeners: ((id: string) => void)[] = [];
  /** Intents of what this process works on, most likely. */
  readonly #intents = new LRUCache<string, string>({ max: KNOWN_INTENTS });
  readonly #ended = new AbortController();

  constructor(options: RedisJournalOptions) {
    this.#options = options;
    const { redis, leaseMs } = options;
    this.#leases = new RedisLeases(redis.commands, leaseMs);
    const tellCancelled = (id: string) => {
      for (const listener of this.#cancelListeners) listener(id);
    };
    // Without them, waiting ends by the clock; a request to cancel is in the entry as well.
    redis.subscribe(FREED, (group) => this.#wakeUps.wake(group)).catch(() => {});
    redis.subscribe(CANCELLED, tellCancelled).catch(() => {});
  }

  async read(id: string): Promise<JournalEntry | undefined> {
    const { intent, job, answer, result, cancel } = await onRedis(() => this.#redis.hgetall(ENTRIES + id));
    if (intent === undefined) return undefined;
    if (result === undefined) this.#intents.set(id, intent);
    return {
      intent: JSON.parse(intent),
      jobId: job,
      answer: answer === undefined ? undefined : JSON.parse(answer),
      result: result === undefined ? undefined : JSON.parse(result),
      isCancelRequested: cancel !== undefined,
    };
  }

  lease(group: string): Promise<Lease | undefined> {
    return this.#leases.take(group);
  }

  changed(group: string, signal: AbortSignal): Promise<void> {
    const ends = AbortSignal.any([signal, this.#ended.signal]);
    return this.#wakeUps.wait(group, this.#options.leaseMs / 2, ends);
  }

  async begin(lease: Lease, intents: readonly Intent[]): Promise<boolean> {
    const { key, token } = lease as RedisLease;
    const keys = [key, ...intents.map(({ id }) => ENTRIES + id)];
    const texts = intents.map(({ intent }) => JSON.stringify(intent));
    const begun = await onRedis(() =>
      this.#redis.eval(BEGIN, keys.length, ...keys, token, this.#options.lifetimeMs, ...texts),
    );
    if (begun === -1) throw passed();
    if (begun === 1)
      for (const [index, { id }] of intents.entries()) this.#intents.set(id, texts[index] ?? '');
    return begun === 1;
  }

  accepted(lease: Lease, id: string, jobId: string): Promise<void> {
    return this.#write(lease as RedisLease, id, 'job', jobId);
  }

  async answered(lease: Lease, id: string, answer: JsonObject, image: SpooledFile): Promise<void> {
    await makeDirectory(this.#options.directory);
    const { sizeBytes, sha256 } = await moveDurably(image, this.#path(id));
    const kept = { ...answer, image: { sizeBytes, sha256 } };
    await this.#write(lease as RedisLease, id, 'answer', JSON.stringify(kept));
  }

  async spooled(id: string): Promise<SpooledFile | undefined> {
    const path = this.#path(id);
    const { image } = ((await this.read(id))?.answer ?? {}) as { image?: Omit<SpooledFile, 'path'> };
    return image !== undefined && (await isThere(path)) ? { path, ...image } : undefined;
  }

  async finish(lease: Lease, id: string, result: JsonObject): Promise<void> {
    await this.#write(lease as RedisLease, id, 'result', JSON.stringify(result));
    this.#intents.delete(id);
    await rm(this.#path(id), { force: true });
  }

  async requestCancel(id: string): Promise<boolean> {
    const asked = await onRedis(() => this.#redis.eval(CANCEL, 1, ENTRIES + id, CANCELLED, id));
    return asked === 1;
  }

  async claimOf(group: string, job: string): Promise<JobClaim | undefined> {
    const { by, certain } = await onRedis(() => this.#redis.hgetall(CLAIMS + job));
    if (by === undefined) return undefined;
    if (by !== group) return 'taken';
    return certain === '1' ? 'certain' : 'uncertain';
  }

  async claimJob(group: string, job: string, isCertain: boolean): Promise<JobClaim> {
    const { lifetimeMs } = this.#options;
    const args = [group, isCertain ? '1' : '0', lifetimeMs];
    const claim = await this.#persist(() => this.#redis.eval(CLAIM, 1, CLAIMS + job, ...args));
    if (claim === 0) return 'taken';
    return claim === 2 ? 'certain' : 'uncertain';
  }

  onCancelRequest(listener: (id: string) => void): void {
    this.#cancelListeners.push(listener);
  }

  /** Entries expire by themselves. What goes are images whose submission another replica brought to its end. */
  async forget(finishedBefore: Date): Promise<number> {
    const { directory } = this.#options;
    await makeDirectory(directory);
    let forgotten = 0;
    for (const name of await readdir(directory)) {
      const path = join(directory, name);
      if ((await stat(path)).mtime >= finishedBefore) continue;
      await rm(path, { force: true });
      forgotten += 1;
    }
    return forgotten;
  }

  letGo(): void {
    this.#ended.abort();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.letGo();
    this.#leases[Symbol.dispose]();
  }

  async #write(lease: RedisLease, id: string, field: string, value: string): Promise<void> {
    const { leaseMs, lifetimeMs } = this.#options;
    const keys = [lease.key, ENTRIES + id];
    const rest = [lease.token, leaseMs, lifetimeMs, field, value, this.#intents.get(id) ?? ''];
    const { since, written } = await this.#persist(async () => ({
      since: performance.now(),
      written: await this.#redis.eval(WRITE, 2, ...keys, ...rest),
    }));
    if (written !== 1) throw passed();
    this.#leases.renewed(lease, since);
  }

  /** Writes what happened. It has happened whether Redis is there or not, so this waits until it is, or this process ends. */
  async #persist<T>(write: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await onRedis(write);
      } catch (error) {
        if (this.#ended.signal.aborted || !isRpcError(error, Code.UNAVAILABLE)) throw error;
        await wait(PAUSE_MS, undefined, { signal: this.#ended.signal }).catch(() => {});
      }
    }
  }

  get #redis() {
    return this.#options.redis.commands;
  }

  #path(id: string): string {
    return join(this.#options.directory, `${id}.bin`);
  }
}
