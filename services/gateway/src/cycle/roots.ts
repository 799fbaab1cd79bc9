import { type Answer, Verdict } from '@atelier/protos/atelier/evaluation/v1/answer_pb.ts';
import { compareCandidates } from './ranking.ts';
import { type CandidateState, hasImage, type ImageCandidate, type RoundState } from './state.ts';

/**
 * Failures that another prompt may mend, the required ones first: answers that fail, and required ones that are
 * uncertain. What hangs on a failed question is left out, since it is not a fault of its own; so is what no judge could
 * answer, since no prompt changes that.
 */
export function rootFailures(candidate: CandidateState): Answer[] {
  const answers = candidate.judgement?.answers ?? [];
  const failed = new Set(
    answers.filter(({ verdict }) => verdict === Verdict.FAIL).map((answer) => answer.questionId),
  );
  const roots = answers.filter(
    (answer) => isMendable(answer) && !answer.dependsOn.some((parent) => failed.has(parent)),
  );
  return [...roots.filter((answer) => answer.required), ...roots.filter((answer) => !answer.required)];
}

function isMendable({ verdict, required }: Answer): boolean {
  return verdict === Verdict.FAIL || (required && verdict === Verdict.UNCERTAIN);
}

/** Ids of the required root failures, in a form that can be compared; empty where there are none. */
function rootKey(candidate: CandidateState): string {
  const ids = rootFailures(candidate)
    .filter((answer) => answer.required)
    .map((answer) => answer.questionId);
  return ids.sort().join(' ');
}

/** The best image of a round. */
export function bestOf(round: RoundState): ImageCandidate | undefined {
  return round.candidates.filter(hasImage).sort(compareCandidates)[0];
}

/** Whether the best images of two rounds fail the same required root questions, and at least one. */
export function failTheSame(a: RoundState, b: RoundState): boolean {
  const [bestA, bestB] = [bestOf(a), bestOf(b)];
  if (bestA === undefined || bestB === undefined) return false;
  const key = rootKey(bestA);
  return key !== '' && key === rootKey(bestB);
}
