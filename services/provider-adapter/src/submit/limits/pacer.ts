import { setTimeout as wait } from 'node:timers/promises';
import { type RateLimiterAbstract, RateLimiterRes } from 'rate-limiter-flexible';
import type { Bounded } from './provider-limits.ts';

/** A provider without a rate of its own may still ask for a pause; so many requests a second are no bound. */
const UNBOUNDED = { requests: 1_000_000, seconds: 1 };

/** Makes a limiter that counts so many points in so many seconds. */
export type MakeLimiter = (options: {
  readonly keyPrefix: string;
  readonly points: number;
  readonly duration: number;
}) => RateLimiterAbstract;

/** Keeps requests within rates. Where the counts are kept is the limiter's affair. */
export class Pacer {
  readonly #make: MakeLimiter;
  readonly #limiters = new Map<string, RateLimiterAbstract>();

  constructor(make: MakeLimiter) {
    this.#make = make;
  }

  /**
   * Waits for a turn. A store of counts that cannot be reached does not hold anything up: the provider counts for itself, and
   * says when it is too much.
   */
  async pace(provider: Bounded, signal: AbortSignal): Promise<void> {
    for (;;) {
      signal.throwIfAborted();
      try {
        await this.#limiter(provider).consume(provider.name);
        return;
      } catch (refused) {
        if (!(refused instanceof RateLimiterRes)) return;
        await wait(Math.max(1, refused.msBeforeNext), undefined, { signal }).catch(() => {});
      }
    }
  }

  pause(provider: Bounded, ms: number): void {
    if (ms < 1) return;
    this.#limiter(provider)
      .block(provider.name, ms / 1_000)
      .catch(() => {});
  }

  #limiter({ name, rate = UNBOUNDED }: Bounded): RateLimiterAbstract {
    const present = this.#limiters.get(name);
    if (present !== undefined) return present;
    const { requests, seconds } = rate;
    const made = this.#make({ keyPrefix: 'atelier:adapter:rate', points: requests, duration: seconds });
    this.#limiters.set(name, made);
    return made;
  }
}
