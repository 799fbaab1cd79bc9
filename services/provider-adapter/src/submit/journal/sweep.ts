import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from '@atelier/observability';
import type { SubmissionJournal } from './submission-journal.ts';

/** Once a day, in milliseconds. */
const PERIOD_MS = 24 * 3_600_000;

/** Forgets, once a day, what was finished longer ago than the lifetime, until the signal is aborted. Never rejects. */
export async function sweepJournal(
  journal: SubmissionJournal,
  lifetimeMs: number,
  now: () => Date,
  log: Logger,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      const forgotten = await journal.forget(new Date(now().getTime() - lifetimeMs));
      if (forgotten > 0) log.info({ forgotten }, 'finished submissions were forgotten');
    } catch (err) {
      log.warn({ err }, 'the journal could not be swept');
    }
    await wait(PERIOD_MS, undefined, { signal, ref: false }).catch(() => {});
  }
}
