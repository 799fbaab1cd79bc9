import type { Lease } from './journal/submission-journal.ts';
import type { Seat } from './seat.ts';
import type { Work } from './work.ts';

/** One of the candidates that a native request makes. */
export interface Member {
  readonly seat: Seat;
  readonly work: Work;
}

/** The candidates of one native request, as many of them as are to be made here, under one lease. */
export interface Party {
  readonly members: readonly Member[];
  readonly lease: Lease;
}

/** The first of them, which stands for the request: its work is that of all but for the index. */
export function firstOf(members: readonly Member[]): Member {
  const [first] = members;
  if (first === undefined) throw new Error('a native request has no candidates');
  return first;
}
