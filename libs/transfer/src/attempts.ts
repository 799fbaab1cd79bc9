import { setTimeout as sleep } from 'node:timers/promises';
import { isPassing } from './transfer-error.ts';

/** One try and two repeats, as AIP-194 advises. Transfers are repeatable: the URL is good for one content only. */
const ATTEMPTS = 3;

/** Pause before the first repeat; it doubles for each further one. Milliseconds. */
const FIRST_PAUSE_MS = 100;

/** Repeats what failed in passing, and gives up with the last error. */
export async function withAttempts<T>(once: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await once();
    } catch (error) {
      if (attempt === ATTEMPTS || signal?.aborted || !isPassing(error)) throw error;
      const pause = FIRST_PAUSE_MS * 2 ** (attempt - 1);
      await sleep(pause, undefined, signal === undefined ? {} : { signal }).catch(() => {
        throw error;
      });
    }
  }
}
