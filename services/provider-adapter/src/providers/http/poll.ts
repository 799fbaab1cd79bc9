import { setTimeout as wait } from 'node:timers/promises';
import { FailureClass } from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import { ProviderFailure } from '../provider.ts';

/** How often a job is looked at. */
export interface PollOptions {
  readonly signal: AbortSignal;
  /** Pause before the first look, in milliseconds. Each further one is half as long again. */
  readonly firstMs: number;
  /** Longest pause, in milliseconds; the default is 5,000. */
  readonly longestMs?: number;
  /** Settles when the provider says that there is something new; then the pause ends early. */
  readonly woken?: (() => Promise<void>) | undefined;
}

const LONGEST_MS = 5_000;
const GROWTH = 1.5;

/**
 * Looks at a job until it gives something. Looking costs nothing, so that a look which fails in passing is repeated: only
 * what surely will not change ends it. Ends with the signal's reason.
 */
export async function poll<T>(look: () => Promise<T | undefined>, options: PollOptions): Promise<T> {
  const { signal, firstMs, longestMs = LONGEST_MS, woken } = options;
  for (let pause = firstMs; ; pause = Math.min(longestMs, pause * GROWTH)) {
    let asked: number | undefined;
    // Listened for before the look, so that what comes while it looks is not missed.
    const told = woken?.();
    try {
      const found = await look();
      if (found !== undefined) return found;
    } catch (error) {
      signal.throwIfAborted();
      if (!isPassing(error)) throw error;
      asked = error.retryAfterMs;
    }
    await pauseFor(Math.max(pause, Math.min(asked ?? 0, 60_000)), signal, told);
  }
}

function isPassing(error: unknown): error is ProviderFailure {
  if (!(error instanceof ProviderFailure)) return false;
  return (
    error.failureClass === FailureClass.UNAVAILABLE ||
    error.failureClass === FailureClass.RATE_LIMITED ||
    error.failureClass === FailureClass.UNKNOWN_OUTCOME
  );
}

async function pauseFor(ms: number, signal: AbortSignal, told: Promise<void> | undefined): Promise<void> {
  const early = new AbortController();
  const both = AbortSignal.any([signal, early.signal]);
  const waited = wait(ms, undefined, { signal: both }).catch(() => {});
  await Promise.race([waited, ...(told === undefined ? [] : [told])]);
  early.abort();
  signal.throwIfAborted();
}
