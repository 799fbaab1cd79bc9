import { LadderStep, StopReason } from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import { decideRound } from './decide-round.ts';
import { stopWords } from './outcome.ts';
import { type AfterState, type CycleState, isControl, type PromptWanted, type RoundState } from './state.ts';

/**
 * The control arm is the same cycle with a writer that changes nothing: it goes on from round 0 by the same rules (the
 * same stops, the same number of candidates at every step of the ladder), and every prompt is the first one. Where
 * rewriting has no effect, both arms are the same game of chance, so that what differs is what refinement gained. An arm
 * that were given as many images as the cycle happened to need would be worse by the cycle's own luck, since a cycle stops
 * when it is lucky.
 *
 * Edits and other models are not luck, and the arm has neither.
 */
export function beginControl(state: CycleState): CycleState {
  const [first] = state.rounds;
  if (first === undefined) return state;
  const before = { ...placebo(state), rounds: [first], base: undefined, gainless: 0 };
  return adopt(state, decideRound(before, first, state.lastMs));
}

/** Closes a round of the control arm, and decides how that goes on. */
export function closeControlRound(state: CycleState, round: RoundState, timeMs: number): CycleState {
  const decided = decideRound(placebo(state), asIfInCycle(round), timeMs);
  const closed: RoundState = { ...round, closed: true, endMs: timeMs };
  return adopt({ ...state, rounds: [...state.rounds.slice(0, -1), closed] }, decided);
}

/** Ends the control arm where it is; the held-out judge is still heard. */
export function endControl(state: CycleState, why: string): CycleState {
  const { after } = state;
  if (after === undefined) return state;
  return { ...state, prompting: undefined, after: { ...after, shortfall: why, controlDone: true } };
}

/** The state of the cycle as it would be, had its rounds been those of the control arm. */
function placebo(state: CycleState): CycleState {
  const { rounds, plan, after } = state;
  const [first] = rounds;
  return {
    ...state,
    plan: { ...plan, models: [first?.model ?? ''], editModels: [] },
    modelIndex: 0,
    rounds: [...rounds.slice(0, 1), ...rounds.filter(isControl).map(asIfInCycle)],
    base: after?.control.base,
    gainless: after?.control.gainless ?? 0,
    resampled: false,
    prompting: undefined,
    stop: undefined,
    after: undefined,
  };
}

function asIfInCycle(round: RoundState): RoundState {
  return { ...round, step: round.asIf ?? LadderStep.RESAMPLE };
}

/** Ends by which the arm took its own course. */
const OWN_COURSE: ReadonlySet<StopReason> = new Set([
  StopReason.ENOUGH_PASS,
  StopReason.MAX_ROUNDS,
  StopReason.NO_GAIN,
  StopReason.LADDER_TOP,
  StopReason.NOTHING_TO_REFINE,
]);

/** What was decided for the arm, in the state of the whole. */
function adopt(state: CycleState, { base, gainless, stop, prompting }: CycleState): CycleState {
  if (state.after === undefined) return state;
  const after: AfterState = { ...state.after, control: { base, gainless } };
  if (stop !== undefined) {
    const shortfall = OWN_COURSE.has(stop.reason) ? '' : `${stopWords(stop.reason)} ${stop.detail}`.trim();
    return { ...state, after: { ...after, controlDone: true, shortfall } };
  }
  const [first] = state.rounds;
  if (prompting === undefined || first === undefined) throw new Error('an arm that goes on wants a prompt');
  const wanted: PromptWanted = {
    ...prompting,
    round: state.rounds.length,
    attempt: 0,
    step: LadderStep.CONTROL,
    asIf: prompting.step,
    how: 'reuse',
    reuse: first.prompt,
  };
  return { ...state, after, prompting: wanted };
}
