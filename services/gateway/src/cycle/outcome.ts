import { Verdict } from '@atelier/protos/atelier/evaluation/v1/answer_pb.ts';
import { Outcome, StopReason } from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import { failureText } from './failures.ts';
import { hasFailed, notPassed, passes, ranked } from './ranking.ts';
import type { CycleState, Ending, ImageCandidate, Stop } from './state.ts';

/** The best images over all rounds, as many as were asked for, or fewer where fewer could be made. */
export function bestResults(state: CycleState): ImageCandidate[] {
  return ranked(state).slice(0, state.plan.count);
}

/** How a cycle that stops for that reason ends. */
export function endingOf(state: CycleState, stop: Stop): Omit<Ending, 'timeMs'> {
  const outcome = outcomeOf(state, stop.reason);
  const detail = stop.detail === '' && outcome === Outcome.FAILED ? lastFailure(state) : stop.detail;
  const parts = [OUTCOME_WORDS[outcome], judgedWords(state, outcome), STOP_WORDS[stop.reason], detail];
  return { ...stop, outcome, message: parts.filter((part) => part !== '').join(' ') };
}

function outcomeOf(state: CycleState, reason: StopReason): Outcome {
  if (reason === StopReason.CANCELLED) return Outcome.CANCELLED;
  if (reason === StopReason.REFUSED) return Outcome.REFUSED;
  const isFault = reason === StopReason.COORDINATION_LOST || reason === StopReason.INTERNAL;
  const results = bestResults(state);
  if (isFault || results.length === 0) return Outcome.FAILED;
  if (!state.plan.judged) return Outcome.UNJUDGED;
  if (results.every(passes)) return Outcome.APPROVED;
  return results.some(hasFailed) ? Outcome.EXHAUSTED : Outcome.NEEDS_REVIEW;
}

/** Why the last round brought no image, as far as anybody said. */
function lastFailure({ rounds }: CycleState): string {
  const last = rounds.at(-1);
  return last === undefined ? '' : failureText(last);
}

function judgedWords(state: CycleState, outcome: Outcome): string {
  const best = bestResults(state)[0];
  if (best === undefined || outcome === Outcome.APPROVED || !state.plan.judged) return '';
  if (best.judgement === undefined) return 'The best image was not judged.';
  if (best.judgement.failure !== '') return 'The best image could not be judged.';
  const required = notPassed(best).filter((answer) => answer.required);
  if (required.length === 0) return 'The best image passes what was required of it.';
  const names = (verdict: (value: Verdict) => boolean) =>
    required.filter((answer) => verdict(answer.verdict)).map((answer) => answer.questionId);
  const failed = names((verdict) => verdict === Verdict.FAIL);
  const open = names((verdict) => verdict !== Verdict.FAIL);
  const words = [
    failed.length > 0 ? `fails ${failed.join(', ')}` : '',
    open.length > 0 ? `leaves ${open.join(', ')} open` : '',
  ];
  return `The best image ${words.filter((word) => word !== '').join(' and ')}.`;
}

const OUTCOME_WORDS: Record<Outcome, string> = {
  [Outcome.UNSPECIFIED]: '',
  [Outcome.APPROVED]: 'Every result passes all required questions.',
  [Outcome.NEEDS_REVIEW]: 'Nothing required failed, but not all of it is sure: a person decides.',
  [Outcome.EXHAUSTED]: 'Something required still fails; the best images are kept.',
  [Outcome.UNJUDGED]: 'The images were not judged, since there are no questions.',
  [Outcome.REFUSED]: "The provider's moderation refused the input.",
  [Outcome.FAILED]: 'It failed.',
  [Outcome.CANCELLED]: 'It was cancelled; the best images so far are kept.',
};

/** Why a cycle stopped, in words; empty where the outcome says it. */
export function stopWords(reason: StopReason): string {
  return STOP_WORDS[reason] ?? '';
}

const STOP_WORDS: Record<StopReason, string> = {
  [StopReason.UNSPECIFIED]: '',
  [StopReason.ENOUGH_PASS]: '',
  [StopReason.MAX_ROUNDS]: 'All rounds are used.',
  [StopReason.NO_GAIN]: 'The last rounds brought no gain.',
  [StopReason.MAX_COST]: 'The next step could have cost more than is allowed.',
  [StopReason.MAX_DURATION]: 'The time is over.',
  [StopReason.CANCELLED]: '',
  [StopReason.REFUSED]: '',
  [StopReason.LADDER_TOP]: 'Rewriting, other seeds and other models are tried.',
  [StopReason.NO_QUESTIONS]: '',
  [StopReason.CANNOT_REFINE]: 'No different prompt could be written.',
  [StopReason.PROVIDER_FAILED]: 'No model that may be used could make an image.',
  [StopReason.BUDGET_EXCEEDED]: 'The budget is used up.',
  [StopReason.COORDINATION_LOST]: 'Its coordination data was lost.',
  [StopReason.INTERNAL]: 'The platform has a fault.',
  [StopReason.NOTHING_TO_REFINE]: 'Nothing that is open can be mended by another prompt.',
};
