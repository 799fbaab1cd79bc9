import type { TraceContext } from '@atelier/observability';
import type { Accepted, Transition } from '../cycle/transitions.ts';
import type { CallerIdentity } from '../generations/caller-identity.ts';
import type { CycleWork } from '../generations/cycle-work.ts';

/** The first entry of every journal: all that is needed to run the cycle, whoever takes it up. */
export interface AcceptedEntry extends Accepted {
  /** The call that made it: its request id and its span, under which all work for it is told of. */
  readonly origin: { readonly requestId: string; readonly trace: TraceContext };
  readonly identity: CallerIdentity;
  readonly work: CycleWork;
}

/** What a journal is made of: how it was accepted, then every transition in order. */
export type JournalEntry = AcceptedEntry | Transition;

/** Schema of entries that this version writes. It reads this one and the one before. */
export const JOURNAL_SCHEMA = 1;
