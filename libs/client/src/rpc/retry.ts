import { setTimeout as sleep } from 'node:timers/promises';
import { AtelierError } from './atelier-error.ts';
import type { CallOptions } from './call-options.ts';
import { Code } from './code.ts';

/** Pause before the first repeat; it doubles up to the longest. Milliseconds. */
const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 5_000;

/** Repeats of one piece of work that is safe to repeat. */
export class Retries {
  readonly #most: number;
  readonly #options: CallOptions;
  #failures = 0;

  constructor(most: number, options: CallOptions) {
    this.#most = most;
    this.#options = options;
  }

  /** Something arrived: the next failure is the first again. */
  reset(): void {
    this.#failures = 0;
  }

  /** Waits before the next attempt. Throws the failure where there is to be none: too many, too late, or aborted. */
  async pause(failure: AtelierError): Promise<void> {
    this.#failures += 1;
    if (this.#failures > this.#most) throw failure;
    const backoff = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (this.#failures - 1));
    // Full jitter above the half, so that callers that lost the same server do not come back together.
    const pause = Math.max(failure.retryAfterMs ?? 0, backoff * (0.5 + Math.random() / 2));
    const { deadline, signal } = this.#options;
    if (deadline !== undefined && Date.now() + pause >= deadline.getTime()) throw failure;
    await sleep(pause, undefined, signal === undefined ? {} : { signal }).catch(() => {
      throw failure;
    });
  }
}

/** Whether the same call may go better in a moment, without having had an effect that a repeat would double. */
export function isPassing(error: unknown): error is AtelierError {
  return error instanceof AtelierError && error.code === Code.UNAVAILABLE;
}

/** Whether a stream ended because its connection broke, and not because a server said so. */
export function isBroken(error: unknown): error is AtelierError {
  if (isPassing(error)) return true;
  const codes: readonly Code[] = [Code.INTERNAL, Code.UNKNOWN, Code.CANCELLED];
  return error instanceof AtelierError && error.reason === '' && codes.includes(error.code);
}
