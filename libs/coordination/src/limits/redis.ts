import { randomUUID } from 'node:crypto';
import { RateLimiterRedis } from 'rate-limiter-flexible';
import { onRedis, type RedisConnections } from '../redis.ts';
import { WakeUps } from '../wake-ups.ts';
import type { Bounded, CallLimits } from './call-limits.ts';
import { LocalLimits } from './local.ts';
import { Pacer } from './pacer.ts';

/** Longest wait before a look whether a place is free, in milliseconds, should nobody say so. */
const LOOK_MS = 1_000;

/** Places are renewed so many times before they run out. */
const RENEWALS = 3;

/**
 * Takes a place, or renews it. A sorted set holds the tokens of those inside, each with the time until which it counts, by
 * the clock of Redis. KEYS: places. ARGV: token, places, milliseconds.
 */
const ENTER = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
local isInside = redis.call('ZSCORE', KEYS[1], ARGV[1])
if not isInside and redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[2]) then return 0 end
redis.call('ZADD', KEYS[1], now + ARGV[3], ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return 1`;

/** Gives a place up, and says so. KEYS: places. ARGV: token, channel, message. */
const LEAVE = `
redis.call('ZREM', KEYS[1], ARGV[1])
return redis.call('PUBLISH', ARGV[2], ARGV[3])`;

/** The bounds of all replicas together. Within a process, those who wait stand in line; between processes, luck decides. */
export class RedisLimits implements CallLimits {
  readonly #redis: RedisConnections;
  readonly #prefix: string;
  readonly #lifetimeMs: number;
  readonly #local = new LocalLimits();
  readonly #pacer: Pacer;
  readonly #wakeUps = new WakeUps();

  /**
   * All keys begin with `atelier:{user}:`, so that each kind of service has bounds of its own. The place of a process that
   * died is free after `lifetimeMs` milliseconds.
   */
  constructor(redis: RedisConnections, user: string, lifetimeMs: number) {
    this.#redis = redis;
    this.#prefix = `atelier:${user}:`;
    this.#lifetimeMs = lifetimeMs;
    this.#pacer = new Pacer((options) => {
      const keyPrefix = `${this.#prefix}rate`;
      return new RateLimiterRedis({ ...options, keyPrefix, storeClient: redis.commands });
    });
    redis.subscribe(this.#freed, (name) => this.#wakeUps.wake(name)).catch(() => {});
  }

  within<T>(bounded: Bounded, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    return this.#local.within(bounded, signal, async () => {
      if (bounded.isInProcess === true) return work();
      await using _place = await this.#enter(bounded, signal);
      return await work();
    });
  }

  pace(bounded: Bounded, signal: AbortSignal): Promise<void> {
    return this.#pacer.pace(bounded, signal);
  }

  /** In whole seconds: Redis is told no others, and a pause of none would last until the rate's own period is over. */
  pause(bounded: Bounded, ms: number): void {
    this.#pacer.pause(bounded, Math.ceil(ms / 1_000) * 1_000);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#local[Symbol.asyncDispose]();
  }

  /** Where replicas tell each other that a place is free; the message is the instance. */
  get #freed(): string {
    return `${this.#prefix}places-freed`;
  }

  async #enter({ name, concurrency }: Bounded, signal: AbortSignal): Promise<AsyncDisposable> {
    const token = randomUUID();
    const { commands } = this.#redis;
    const freed = this.#freed;
    const key = `${this.#prefix}places:${name}`;
    const enter = () => commands.eval(ENTER, 1, key, token, concurrency, this.#lifetimeMs);
    while ((await onRedis(enter)) !== 1) {
      await this.#wakeUps.wait(name, LOOK_MS, signal);
      signal.throwIfAborted();
    }
    // A place that could not be renewed is taken by another: the bounded gets one request more than it should for a while.
    const renewal = setInterval(() => enter().catch(() => {}), this.#lifetimeMs / RENEWALS).unref();
    return {
      async [Symbol.asyncDispose]() {
        clearInterval(renewal);
        await commands.eval(LEAVE, 1, key, token, freed, name).catch(() => {});
      },
    };
  }
}
