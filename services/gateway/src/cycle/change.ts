import type { EventBody } from './events.ts';
import type { CycleState } from './state.ts';

/** A state with the events that tell how it came to be, which have no numbers yet. */
export type Change = readonly [state: CycleState, ...bodies: EventBody[]];
