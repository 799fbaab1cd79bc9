import { randomUUID } from 'node:crypto';
import { onRedis } from '@atelier/coordination';
import { aborted } from '@atelier/rpc';
import type { Redis } from 'ioredis';
import { LEASE, RELEASE, RENEW } from './redis-scripts.ts';
import type { Lease } from './submission-journal.ts';

/** Leases are renewed so many times before they run out. */
const RENEWALS = 3;

const LEASES = 'atelier:adapter:lease:';

/** Where replicas tell each other that a lease is free; the message is its group. */
export const FREED = 'atelier:adapter:freed';

/** A lease that this process took. */
export class RedisLease implements Lease {
  readonly group: string;
  readonly token = randomUUID();
  readonly #leases: RedisLeases;
  /** Until when nobody else can have it, by this process's monotonic clock, in milliseconds. */
  heldUntil: number;

  constructor(group: string, heldUntil: number, leases: RedisLeases) {
    this.group = group;
    this.heldUntil = heldUntil;
    this.#leases = leases;
  }

  get key(): string {
    return LEASES + this.group;
  }

  assertHeld(): void {
    if (performance.now() < this.heldUntil) return;
    throw passed();
  }

  release(): Promise<void> {
    return this.#leases.release(this);
  }
}

/** The leases of one process, which it renews until it gives them up. */
export class RedisLeases implements Disposable {
  readonly #redis: Redis;
  readonly #lifetimeMs: number;
  readonly #held = new Set<RedisLease>();
  readonly #timer: NodeJS.Timeout;

  /** A lease of a process that died is free after `lifetimeMs` milliseconds. */
  constructor(redis: Redis, lifetimeMs: number) {
    this.#redis = redis;
    this.#lifetimeMs = lifetimeMs;
    this.#timer = setInterval(() => this.#renewAll(), lifetimeMs / RENEWALS).unref();
  }

  async take(group: string): Promise<RedisLease | undefined> {
    const lease = new RedisLease(group, performance.now() + this.#lifetimeMs, this);
    const taken = await onRedis(() => this.#redis.eval(LEASE, 1, lease.key, lease.token, this.#lifetimeMs));
    if (taken !== 1) return undefined;
    this.#held.add(lease);
    return lease;
  }

  /** Called when a write with the lease was accepted, which renews it. `since` is when the write left. */
  renewed(lease: RedisLease, since: number): void {
    lease.heldUntil = since + this.#lifetimeMs;
  }

  async release(lease: RedisLease): Promise<void> {
    this.#held.delete(lease);
    // Where Redis is away the lease runs out by itself.
    await this.#redis.eval(RELEASE, 1, lease.key, lease.token, FREED, lease.group).catch(() => {});
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  #renewAll(): void {
    for (const lease of this.#held) {
      const since = performance.now();
      this.#redis.eval(RENEW, 1, lease.key, lease.token, this.#lifetimeMs).then(
        (isOurs) => {
          if (isOurs === 1) this.renewed(lease, since);
          else this.#held.delete(lease);
        },
        // The next renewal may come in time.
        () => {},
      );
    }
  }
}

/** For whoever works on what another replica has taken over. */
export function passed(): Error {
  return aborted('Another replica has taken this submission over.');
}
