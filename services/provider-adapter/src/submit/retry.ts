import { setTimeout as wait } from 'node:timers/promises';
import { FailureClass } from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import { ProviderFailure } from '../providers/provider.ts';

/** How often a request is sent that surely did not leave, or that came too often, the first time included. */
const ATTEMPTS = { notSent: 3, rateLimited: 5 } as const;

/** The pause before the first repeat is drawn from up to this many milliseconds; it doubles for each further one. */
const FIRST_PAUSE_MS = 500;

/** A provider that asks to wait for longer is not waited for, in milliseconds. */
const LONGEST_ASKED_MS = 60_000;

/** What repeating needs. */
export interface RetryOptions {
  readonly signal: AbortSignal;
  /** From 0 up to 1, so that replicas do not come again all at once. */
  readonly random: () => number;
  /** Told before every pause, in milliseconds. */
  readonly onPause: (failure: ProviderFailure, pauseMs: number) => void;
  /** Waits for a turn, after every pause. */
  readonly turn: () => Promise<void>;
}

/** Whether a failure says that nothing was made, so that the request may be made again. */
export function isHarmless(error: unknown): error is ProviderFailure {
  if (!(error instanceof ProviderFailure)) return false;
  return error.isNotSent || error.failureClass === FailureClass.RATE_LIMITED;
}

/**
 * Makes a request, and makes it again only where that cannot make anything twice: it surely did not leave, or the provider
 * says that it came too often. A pause that the provider asks for is kept. Every other failure is thrown at once; so is the
 * last one where the signal ends a pause, since nothing is under way then.
 */
export async function withRetries<T>(work: () => Promise<T>, options: RetryOptions): Promise<T> {
  const { signal, random, onPause, turn } = options;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      const pause = isHarmless(error) && !signal.aborted ? pauseAfter(error, attempt, random) : undefined;
      if (pause === undefined) throw error;
      onPause(error as ProviderFailure, pause);
      await wait(pause, undefined, { signal })
        .then(turn)
        .catch(() => {
          throw error;
        });
    }
  }
}

function pauseAfter(failure: ProviderFailure, attempt: number, random: () => number): number | undefined {
  const isRateLimited = failure.failureClass === FailureClass.RATE_LIMITED;
  if (attempt >= (isRateLimited ? ATTEMPTS.rateLimited : ATTEMPTS.notSent)) return undefined;
  const asked = failure.retryAfterMs;
  if (asked !== undefined) return asked > LONGEST_ASKED_MS ? undefined : asked;
  return random() * FIRST_PAUSE_MS * 2 ** (attempt - 1);
}
