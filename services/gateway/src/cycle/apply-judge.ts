import { withRound } from './apply-generate.ts';
import type { Change } from './change.ts';
import { closeIfComplete } from './close-round.ts';
import { candidateJudgedEvent } from './events.ts';
import { unconfirmed } from './second-look.ts';
import {
  type CandidateState,
  type CycleState,
  hasImage,
  isHalted,
  isSame,
  type Judgement,
  openRound,
} from './state.ts';
import type { CandidateJudged } from './transitions.ts';

/** A candidate was judged, or could not be: the latter is kept as such and passes nothing. */
export function applyJudged(before: CycleState, judged: CandidateJudged): Change {
  const state = withUsage(before, judged);
  if (judged.cutOff === true) return [state];
  if (judged.look === 'held-out') return [withHeldOut(state, judged)];
  // A look that was under way when the cycle had to stop may end after its round.
  const round = openRound(state) ?? (isHalted(state) ? state.rounds.at(-1) : undefined);
  const candidate = round?.candidates.find(({ index }) => index === judged.index);
  if (round?.number !== judged.round || candidate === undefined || !hasImage(candidate)) return [state];
  const judgement = judgementAfter(state, candidate, judged);
  if (judgement === undefined) return [state];
  const done = { ...candidate, judgement };
  const { failure } = judged;
  const look = judged.look === 'second' ? 'looked at a second time' : 'judged';
  const noticed =
    failure === ''
      ? judged.warnings
      : [`Candidate ${judged.round}/${judged.index} could not be ${look}: ${failure}`, ...judged.warnings];
  const changed: CycleState = { ...state, warnings: [...new Set([...state.warnings, ...noticed])] };
  const candidates = round.candidates.map((each) => (each.index === done.index ? done : each));
  return [
    closeIfComplete(withRound(changed, { ...round, candidates }), judged.timeMs),
    candidateJudgedEvent(done),
  ];
}

function withUsage(
  state: CycleState,
  { look = 'first', round, index, usage, timeMs }: CandidateJudged,
): CycleState {
  const step = {
    first: `judge/${round}/${index}`,
    second: `judge/${round}/${index}/second`,
    'held-out': `held-out/${round}/${index}`,
  }[look];
  const used = usage.map((each) => ({ step, round, usage: each, timeMs }));
  return { ...state, usage: [...state.usage, ...used] };
}

/** What is known of the candidate now; undefined where a look comes twice, or without the one before it. */
function judgementAfter(
  { plan }: CycleState,
  { judgement }: CandidateState,
  { look = 'first', answers, score, failure }: CandidateJudged,
): Judgement | undefined {
  if (look === 'first') return judgement === undefined ? { answers, score, failure } : undefined;
  if (judgement === undefined || (judgement.looks ?? 1) > 1) return undefined;
  if (failure !== '') return unconfirmed(judgement, plan.confirmMargin ?? 0, failure);
  return { answers, score, failure: '', looks: 2 };
}

function withHeldOut(
  state: CycleState,
  { round, index, answers, score, failure }: CandidateJudged,
): CycleState {
  const { after } = state;
  const of = { round, index };
  if (after === undefined || after.heldOut.some((look) => isSame(look.of, of))) return state;
  return { ...state, after: { ...after, heldOut: [...after.heldOut, { of, answers, score, failure }] } };
}
