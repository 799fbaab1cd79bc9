import { setTimeout as wait } from 'node:timers/promises';
import { type RateLimiterAbstract, RateLimiterRes } from 'rate-limiter-flexible';
import type { Bounded } from './call-limits.ts';

/** A bounded without a rate of its own may still ask for a pause; so many requests a second are no bound. */
const UNBOUNDED = { requests: 1_000_000, seconds: 1 };

/** Makes a limiter that counts so many points in so many seconds. */
export type MakeLimiter = (options: {
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
   * Waits for a turn. A store of counts that cannot be reached does not hold anything up: the bounded counts for itself, and
   * says when it is too much.
   */
  async pace(bounded: Bounded, signal: AbortSignal): Promise<void> {
    for (;;) {
      signal.throwIfAborted();
      try {
        await this.#limiter(bounded).consume(bounded.name);
        return;
      } catch (refused) {
        if (!(refused instanceof RateLimiterRes)) return;
        await wait(Math.max(1, refused.msBeforeNext), undefined, { signal }).catch(() => {});
      }
    }
  }

  pause(bounded: Bounded, ms: number): void {
    if (ms < 1) return;
    this.#limiter(bounded)
      .block(bounded.name, ms / 1_000)
      .catch(() => {});
  }

  #limiter({ name, rate = UNBOUNDED }: Bounded): RateLimiterAbstract {
    const present = this.#limiters.get(name);
    if (present !== undefined) return present;
    const { requests, seconds } = rate;
    const made = this.#make({ points: requests, duration: seconds });
    this.#limiters.set(name, made);
    return made;
  }
}
