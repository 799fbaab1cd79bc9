import { race } from '@atelier/rpc';
import pLimit, { type LimitFunction } from 'p-limit';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { Pacer } from './pacer.ts';
import type { Bounded, ProviderLimits } from './provider-limits.ts';

/** The bounds of one process. */
export class LocalLimits implements ProviderLimits {
  readonly #places = new Map<string, LimitFunction>();
  readonly #pacer = new Pacer((options) => new RateLimiterMemory(options));

  within<T>(provider: Bounded, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    const waiting = new AbortController();
    const leave = () => waiting.abort(signal.reason);
    signal.addEventListener('abort', leave, { once: true });
    const turn = this.#place(provider)(async () => {
      signal.removeEventListener('abort', leave);
      signal.throwIfAborted();
      return work();
    });
    if (signal.aborted) leave();
    return race(turn, waiting.signal);
  }

  pace(provider: Bounded, signal: AbortSignal): Promise<void> {
    return this.#pacer.pace(provider, signal);
  }

  pause(provider: Bounded, ms: number): void {
    this.#pacer.pause(provider, ms);
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
