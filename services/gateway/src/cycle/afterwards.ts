import { StopReason } from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import { beginControl } from './control-arm.ts';
import { couldExceed, looksBound, spentMicroUsd } from './costs.ts';
import { bestResults } from './outcome.ts';
import { bestOf } from './roots.ts';
import { type AfterState, type CycleState, type ImageCandidate, isSame, openRound } from './state.ts';

/** Ends of a cycle that took its course. After any other end, measuring it would say nothing. */
const MEASURABLE: ReadonlySet<StopReason> = new Set([
  StopReason.ENOUGH_PASS,
  StopReason.MAX_ROUNDS,
  StopReason.NO_GAIN,
  StopReason.MAX_COST,
  StopReason.LADDER_TOP,
  StopReason.CANNOT_REFINE,
  StopReason.NOTHING_TO_REFINE,
]);

/**
 * Begins what follows a cycle that has stopped: the control arm, and the word of the held-out judge. A state that has not
 * stopped, or in which something paid for is under way, stays as it is.
 */
export function beginAfterwards(state: CycleState): CycleState {
  if (state.stop === undefined || state.ending !== undefined || state.after !== undefined) return state;
  if (openRound(state) !== undefined) return state;
  const isMeasurable =
    state.plan.judged && bestResults(state).length > 0 && MEASURABLE.has(state.stop.reason);
  const isWanted = state.plan.controlArm === true;
  const after: AfterState = {
    control: { base: undefined, gainless: 0 },
    shortfall: isWanted && !isMeasurable ? 'The cycle did not take its course.' : '',
    controlDone: !isWanted || !isMeasurable,
    heldOut: [],
    halted: !isMeasurable,
  };
  const begun = { ...state, prompting: undefined, after };
  return after.controlDone ? begun : beginControl(begun);
}

/** Stops what follows the stop of a cycle; what is under way is waited for. */
export function halt(state: CycleState, why: string): CycleState {
  const { after } = state;
  if (after === undefined || after.halted) return state;
  const shortfall = after.controlDone ? after.shortfall : why;
  return { ...state, prompting: undefined, after: { ...after, shortfall, controlDone: true, halted: true } };
}

/**
 * Candidates that the held-out judge has still to see: the best of round 0, and the first result. It comes last, and sees
 * neither where both looks could cost more than is allowed: one alone measures nothing.
 */
export function heldOutToSee(state: CycleState): ImageCandidate[] {
  const { after, plan } = state;
  if (plan.heldOutJudge === undefined || after === undefined || after.halted || !after.controlDone) return [];
  const pair = heldOutPair(state);
  const unseen = pair.filter((candidate) => after.heldOut.every(({ of }) => !isSame(of, candidate)));
  const isBegun = unseen.length < pair.length;
  const bound = looksBound(plan.heldOutEstimate, pair.length);
  if (!isBegun && bound !== undefined && couldExceed(plan.maxCostMicroUsd, spentMicroUsd(state), bound))
    return [];
  return unseen;
}

/** The best of round 0 and the first result, once where they are the same. */
function heldOutPair(state: CycleState): ImageCandidate[] {
  const [round] = state.rounds;
  const first = round === undefined ? undefined : bestOf(round);
  const result = bestResults(state)[0];
  const both = [first, result].filter((candidate) => candidate !== undefined);
  return both.filter(
    (candidate, position) => position === both.findIndex((other) => isSame(other, candidate)),
  );
}
