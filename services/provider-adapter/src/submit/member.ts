import type { Seat } from './seat.ts';
import type { Work } from './work.ts';

/** One candidate of a native request. */
export interface Member {
  readonly seat: Seat;
  readonly work: Work;
}
