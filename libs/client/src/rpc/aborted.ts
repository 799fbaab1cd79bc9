import { AtelierError } from './atelier-error.ts';
import { Code } from './code.ts';

/** What the caller sees of work that its own signal ended: a signal of `AbortSignal.timeout` counts as a deadline. */
export function abortedError(signal: AbortSignal): AtelierError {
  const cause: unknown = signal.reason;
  if ((cause as { name?: unknown } | undefined)?.name === 'TimeoutError') {
    return new AtelierError(Code.DEADLINE_EXCEEDED, 'The time is over.', {
      reason: 'DEADLINE_EXCEEDED',
      cause,
    });
  }
  return new AtelierError(Code.CANCELLED, 'The caller cancelled.', { reason: 'CANCELLED', cause });
}
