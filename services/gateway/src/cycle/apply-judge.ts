import { withRound } from './apply-generate.ts';
import type { Change } from './change.ts';
import { closeIfComplete } from './close-round.ts';
import { candidateJudgedEvent } from './events.ts';
import { type CycleState, hasImage, openRound } from './state.ts';
import type { CandidateJudged } from './transitions.ts';

/** A candidate was judged, or could not be: the latter is kept as such and passes nothing. */
export function applyJudged(state: CycleState, judged: CandidateJudged): Change {
  const used = judged.usage.map((usage) => ({
    step: `judge/${judged.round}/${judged.index}`,
    round: judged.round,
    usage,
    timeMs: judged.timeMs,
  }));
  const round = openRound(state);
  const candidate = round?.candidates.find(({ index }) => index === judged.index);
  if (round?.number !== judged.round || candidate === undefined || !hasImage(candidate)) return [state];
  if (candidate.judgement !== undefined) return [state];
  const { answers, score, failure } = judged;
  const done = { ...candidate, judgement: { answers, score, failure } };
  const noticed =
    failure === ''
      ? judged.warnings
      : [`Candidate ${judged.round}/${judged.index} could not be judged: ${failure}`, ...judged.warnings];
  const changed: CycleState = {
    ...state,
    usage: [...state.usage, ...used],
    warnings: [...new Set([...state.warnings, ...noticed])],
  };
  const candidates = round.candidates.map((each) => (each.index === done.index ? done : each));
  return [
    closeIfComplete(withRound(changed, { ...round, candidates }), judged.timeMs),
    candidateJudgedEvent(done),
  ];
}
