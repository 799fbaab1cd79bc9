import { setTimeout as wait } from 'node:timers/promises';
import { VendorError } from './drivers/driver.ts';
import type { ModelFailureKind } from './language-model.ts';

/** How often is asked, the first time included, for what may pass. What will not is asked once. */
const ATTEMPTS: Readonly<Partial<Record<ModelFailureKind, number>>> = {
  rate_limited: 5,
  unavailable: 3,
  timeout: 3,
};

/** The pause before the first repeat is drawn from up to this many milliseconds; it doubles for each further one. */
const FIRST_PAUSE_MS = 500;

/** A vendor that asks to wait for longer is not waited for, in milliseconds. */
const LONGEST_ASKED_MS = 60_000;

/** What repeating needs. */
export interface RetryOptions {
  readonly signal: AbortSignal;
  /** From 0 up to 1, so that replicas do not come again all at once. */
  readonly random: () => number;
  /** Told of every failure, and of the pause in milliseconds before the next attempt, where there is one. */
  readonly onFailure: (failure: VendorError, pauseMs: number | undefined) => void;
}

/**
 * Makes attempts until one succeeds, or fails in a way that will not pass, or there were enough. A pause that the vendor asks for
 * is kept. Throws the last failure; or the signal's reason, should it end a pause.
 */
export async function withRetries<T>(attempt: () => Promise<T>, options: RetryOptions): Promise<T> {
  const { signal, random, onFailure } = options;
  for (let made = 1; ; made += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof VendorError)) throw error;
      const pauseMs = pauseAfter(error, made, random);
      onFailure(error, pauseMs);
      if (pauseMs === undefined) throw error;
      await wait(pauseMs, undefined, { signal }).catch(() => signal.throwIfAborted());
    }
  }
}

function pauseAfter(
  { kind, retryAfterMs }: VendorError,
  made: number,
  random: () => number,
): number | undefined {
  if (made >= (ATTEMPTS[kind] ?? 1)) return undefined;
  if (retryAfterMs !== undefined) return retryAfterMs > LONGEST_ASKED_MS ? undefined : retryAfterMs;
  return random() * FIRST_PAUSE_MS * 2 ** (made - 1);
}
