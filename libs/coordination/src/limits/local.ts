import { race } from '@atelier/rpc';
import pLimit, { type LimitFunction } from 'p-limit';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import type { Bounded, CallLimits } from './call-limits.ts';
import { Pacer } from './pacer.ts';

/** The bounds of one process. */
export class LocalLimits implements CallLimits {
  readonly #places = new Map<string, LimitFunction>();
  readonly #pacer = new Pacer((options) => new RateLimiterMemory(options));

  within<T>(bounded: Bounded, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    const waiting = new AbortController();
    const leave = () => waiting.abort(signal.reason);
    signal.addEventListener('abort', leave, { once: true });
    const turn = this.#place(bounded)(async () => {
      signal.removeEventListener('abort', leave);
      signal.throwIfAborted();
      return work();
    });
    if (signal.aborted) leave();
    return race(turn, waiting.signal);
  }

  pace(bounded: Bounded, signal: AbortSignal): Promise<void> {
    return this.#pacer.pace(bounded, signal);
  }

  pause(bounded: Bounded, ms: number): void {
    this.#pacer.pause(bounded, ms);
  }

  async [Symbol.asyncDispose](): Promise<void> {}

  #place({ name, concurrency }: Bounded): LimitFunction {
    const present = this.#places.get(name);
    if (present !== undefined) return present;
    const made = pLimit(concurrency);
    this.#places.set(name, made);
    return made;
  }
}
