import { setTimeout as wait } from 'node:timers/promises';

/** Those who wait for something that another replica may tell of, by its name. A word that is lost only costs time. */
export class WakeUps {
  readonly #waiting = new Map<string, Set<() => void>>();

  /** Wakes all who wait for a name. */
  wake(name: string): void {
    for (const resolve of this.#waiting.get(name) ?? []) resolve();
  }

  /** Settles when somebody wakes the name, when the signal is aborted, and at the latest after so many milliseconds. */
  async wait(name: string, longestMs: number, signal: AbortSignal): Promise<void> {
    const waiting = this.#waiting.get(name) ?? new Set();
    this.#waiting.set(name, waiting);
    const { promise, resolve } = Promise.withResolvers<void>();
    waiting.add(resolve);
    const done = new AbortController();
    const ends = AbortSignal.any([signal, done.signal]);
    await Promise.race([promise, wait(longestMs, undefined, { signal: ends }).catch(() => {})]);
    done.abort();
    waiting.delete(resolve);
    if (waiting.size === 0) this.#waiting.delete(name);
  }
}
