import { closeControlRound } from './control-arm.ts';
import { decideRound } from './decide-round.ts';
import { needsSecondLook } from './second-look.ts';
import { type CycleState, hasImage, isHalted } from './state.ts';

/** Closes the last round once all of its candidates ended and were judged, and decides how it goes on. */
export function closeIfComplete(state: CycleState, timeMs: number): CycleState {
  const round = state.rounds.at(-1);
  if (round === undefined || round.closed || !round.generated) return state;
  if (isHalted(state)) {
    return { ...state, rounds: [...state.rounds.slice(0, -1), { ...round, closed: true, endMs: timeMs }] };
  }
  const { plan } = state;
  const images = round.candidates.filter(hasImage);
  const isOpen =
    plan.judged && images.some((image) => image.judgement === undefined || needsSecondLook(plan, image));
  if (isOpen) return state;
  return state.stop === undefined
    ? decideRound(state, round, timeMs)
    : closeControlRound(state, round, timeMs);
}
