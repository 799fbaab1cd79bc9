import { LadderStep, StopReason } from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import { couldExceed, looksBound, spentMicroUsd } from './costs.ts';
import { bestResults } from './outcome.ts';
import { MAX_CANDIDATES } from './plan.ts';
import { bestOf } from './roots.ts';
import {
  type AfterState,
  type CycleState,
  type ImageCandidate,
  isControl,
  isSame,
  openRound,
  type PromptWanted,
} from './state.ts';

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
 * Begins, or goes on with, what follows a cycle that has stopped: the control arm and the word of the held-out judge. A
 * state that has not stopped, or in which something paid for is under way, stays as it is.
 */
export function goOnAfterwards(state: CycleState): CycleState {
  if (state.stop === undefined || state.ending !== undefined) return state;
  if (openRound(state) !== undefined || state.prompting !== undefined) return state;
  const after = state.after ?? beginning(state);
  const begun = { ...state, after };
  if (after.halted || after.controlDone) return begun;
  const missing = asked(begun, (isOfControl) => !isOfControl) - controlSize(begun);
  if (missing <= 0) return { ...begun, after: { ...after, controlDone: true } };
  return { ...begun, prompting: controlPrompt(begun, Math.min(missing, MAX_CANDIDATES)) };
}

function beginning(state: CycleState): AfterState {
  const isMeasurable =
    state.plan.judged &&
    bestResults(state).length > 0 &&
    MEASURABLE.has(state.stop?.reason ?? StopReason.UNSPECIFIED);
  const isWanted = state.plan.controlArm === true;
  return {
    shortfall: isWanted && !isMeasurable ? 'The cycle did not take its course.' : '',
    controlDone: !isWanted || !isMeasurable,
    heldOut: [],
    halted: !isMeasurable,
  };
}

/** Stops what follows the stop of a cycle; what is under way is waited for. */
export function halt(state: CycleState, why: string): CycleState {
  const { after } = state;
  if (after === undefined || after.halted) return state;
  const shortfall = after.controlDone ? after.shortfall : why;
  return { ...state, prompting: undefined, after: { ...after, shortfall, controlDone: true, halted: true } };
}

/** Ends the control arm where it is; the held-out judge is still heard. */
export function endControl(state: CycleState, why: string): CycleState {
  const { after } = state;
  if (after === undefined) return state;
  return { ...state, prompting: undefined, after: { ...after, shortfall: why, controlDone: true } };
}

/** Candidates that were asked for, of the cycle or of the control arm's own rounds. What failed counts: it took its chance. */
function asked(state: CycleState, isWanted: (isOfControl: boolean) => boolean): number {
  return state.rounds
    .filter((round) => isWanted(isControl(round)))
    .reduce((sum, { candidates }) => sum + candidates.length, 0);
}

/** Size of the control arm: the images of round 0, which both arms share, and its own. */
function controlSize(state: CycleState): number {
  return (state.rounds[0]?.candidates.length ?? 0) + asked(state, (isOfControl) => isOfControl);
}

function controlPrompt(state: CycleState, candidates: number): PromptWanted {
  const first = state.rounds[0];
  return {
    round: state.rounds.length,
    attempt: 0,
    model: first?.model ?? '',
    step: LadderStep.CONTROL,
    how: 'reuse',
    reuse: first?.prompt,
    candidates,
  };
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
