import type { Accepted, Transition } from '../cycle/transitions.ts';
import type { CycleWork } from '../generations/cycle-work.ts';
import type { CallerIdentity } from '../generations/ports.ts';

/** The first entry of every journal: all that is needed to run the cycle, whoever takes it up. */
export interface AcceptedEntry extends Accepted {
  readonly identity: CallerIdentity;
  readonly work: CycleWork;
}

/** What a journal is made of: how it was accepted, then every transition in order. */
export type JournalEntry = AcceptedEntry | Transition;

/** Schema of entries that this version writes. It reads this one and the one before. */
export const JOURNAL_SCHEMA = 1;
