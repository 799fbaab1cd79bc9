import { Code, isRpcError } from '@atelier/rpc';

/**
 * Whether a job is not wanted any more, so that its server is to be told: it was cancelled, or took too long. Where this
 * process stops, the job goes on, and the next process fetches what it made.
 */
export function isGivenUp(signal: AbortSignal): boolean {
  return signal.aborted && !isRpcError(signal.reason, Code.UNAVAILABLE);
}
