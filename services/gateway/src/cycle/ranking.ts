import { type Answer, Verdict } from '@atelier/protos/atelier/evaluation/v1/answer_pb.ts';
import type { CandidateState, CycleState, ImageCandidate } from './state.ts';
import { imageCandidates } from './state.ts';

/** p of a question without an answer, and the least that any question counts as, by the contract of `Score`. */
const LEAST_P = 0.01;

/** Whether the answer keeps an image from being approved. What errs or cannot be judged never counts as a pass. */
function isOpenOrFailed({ verdict }: Answer): boolean {
  return verdict !== Verdict.PASS && verdict !== Verdict.NOT_APPLICABLE;
}

/** Answers that do not pass. Children of a failed parent are not among them: they are not faults of their own. */
export function notPassed(candidate: CandidateState): Answer[] {
  return (candidate.judgement?.answers ?? []).filter(isOpenOrFailed);
}

/**
 * Whether the image passes all required questions. The score must say so and every answer must bear it out; a rubric
 * without a required question gates nothing, so nothing passes by it.
 */
export function passes(candidate: CandidateState): boolean {
  const { score, answers } = candidate.judgement ?? {};
  if (score === undefined || answers === undefined || !score.allRequiredPass) return false;
  const required = answers.filter((answer) => answer.required);
  return required.some(({ verdict }) => verdict === Verdict.PASS) && !required.some(isOpenOrFailed);
}

/** Whether a required question failed, as against being uncertain or not judged. */
export function hasFailed(candidate: CandidateState): boolean {
  const answers = candidate.judgement?.answers ?? [];
  return answers.some(({ required, verdict }) => required && verdict === Verdict.FAIL);
}

/**
 * Order of images, the best first: all required pass, then number of required passes, geometric mean, arithmetic mean,
 * and the earliest. Negative where `a` is better.
 */
export function compareCandidates(a: CandidateState, b: CandidateState): number {
  return compareMerit(a, b) || a.round - b.round || a.index - b.index;
}

/** As `compareCandidates`, without regard to which came first: 0 where neither is better. */
export function compareMerit(a: CandidateState, b: CandidateState): number {
  const [left, right] = [merit(a), merit(b)];
  for (const [position, value] of left.entries()) {
    const difference = (right[position] ?? 0) - value;
    if (difference !== 0) return difference;
  }
  return 0;
}

function merit(candidate: CandidateState): number[] {
  const score = candidate.judgement?.score;
  return [
    passes(candidate) ? 1 : 0,
    score?.requiredPasses ?? 0,
    Math.max(score?.geometricMean ?? 0, LEAST_P),
    score?.arithmeticMean ?? 0,
  ];
}

/** All images of a generation, over all rounds, the best first. */
export function ranked(state: Pick<CycleState, 'rounds'>): ImageCandidate[] {
  return imageCandidates(state).sort(compareCandidates);
}

/** Whether a required question that `before` passes is not passed by `after`, or the whole gate is not. */
export function regresses(before: CandidateState, after: CandidateState): boolean {
  if (passes(before) && !passes(after)) return true;
  const now = new Map((after.judgement?.answers ?? []).map((answer) => [answer.questionId, answer.verdict]));
  return (before.judgement?.answers ?? []).some(
    ({ required, verdict, questionId }) =>
      required && verdict === Verdict.PASS && now.get(questionId) !== Verdict.PASS,
  );
}
