import { setTimeout as sleep } from 'node:timers/promises';
import { Code, isRpcError } from '@atelier/rpc';

/** How a failure of an inner service is taken. */
export type FailureKind =
  /** It is away or full: the step waits for it, however long. */
  | 'away'
  /**
   * It may be the last word of a process that died, or of one that lost a race with another, or a fault that stays: tried
   * again a few times.
   */
  | 'doubtful'
  /** It is an answer. */
  | 'answer';

/** How often a doubtful failure is tried again. */
const MAX_DOUBTFUL = 5;

/** How a failure of an inner service is taken. */
export function failureKind(error: unknown): FailureKind {
  if (!isRpcError(error)) return 'answer';
  switch (error.code) {
    case Code.UNAVAILABLE:
    case Code.DEADLINE_EXCEEDED:
      return 'away';
    case Code.RESOURCE_EXHAUSTED:
      return error.reason === 'RATE_LIMITED' ? 'away' : 'answer';
    case Code.ABORTED:
    case Code.CANCELLED:
    case Code.UNKNOWN:
    case Code.INTERNAL:
    case Code.UNAUTHENTICATED:
      return 'doubtful';
    default:
      return 'answer';
  }
}

/** How a step is tried again. */
export interface RetryOptions {
  /** Aborting it ends the waiting and is thrown. */
  readonly signal: AbortSignal;
  /** First and longest wait, in milliseconds. */
  readonly initialMs: number;
  readonly maxMs: number;
  /** Told before every wait, with the failure. */
  readonly onPause: (error: unknown) => void;
  /** Told when it went through after a wait. */
  readonly onResume: () => void;
}

/** Longest wait that a service may ask for, in milliseconds. */
const MAX_ASKED_MS = 60_000;

/**
 * How long a step waits, in milliseconds: its own backoff, or longer where the service asks for it, and up to half as much
 * again, since steps that were refused together are not to come back together. `drawn` is from 0 to 1.
 */
export function pauseMs(backoffMs: number, error: unknown, drawn: number): number {
  const asked = isRpcError(error) ? (error.retryAfterMs ?? 0) : 0;
  return Math.max(backoffMs, Math.min(asked, MAX_ASKED_MS)) * (1 + drawn / 2);
}

/**
 * Runs a step until it has an answer: while its service is away it waits, twice as long each time. An answer that is an
 * error is thrown.
 */
export async function retrying<T>(step: () => Promise<T>, options: RetryOptions): Promise<T> {
  const { signal, initialMs, maxMs, onPause, onResume } = options;
  let waitMs = initialMs;
  let doubtful = 0;
  for (let attempt = 0; ; attempt += 1) {
    try {
      const answer = await step();
      if (attempt > 0) onResume();
      return answer;
    } catch (error) {
      signal.throwIfAborted();
      const kind = failureKind(error);
      if (kind === 'doubtful') doubtful += 1;
      if (kind === 'answer' || doubtful > MAX_DOUBTFUL) {
        if (attempt > 0) onResume();
        throw error;
      }
      onPause(error);
      await sleep(pauseMs(waitMs, error, Math.random()), undefined, { signal });
      waitMs = Math.min(waitMs * 2, maxMs);
    }
  }
}
