import { type Answer, Verdict } from '@atelier/protos/atelier/evaluation/v1/answer_pb.ts';

/** What became of a question from one image to another. */
export type Change = 'mended' | 'broke' | 'changed' | '';

/** How the verdict on a question changed: it passes now, it fails where it passed, or it is another one. */
export function changeOf(now: Answer, before: Answer | undefined): Change {
  if (before === undefined || now.verdict === before.verdict) return '';
  if (now.verdict === Verdict.PASS) return 'mended';
  return before.verdict === Verdict.PASS && now.verdict === Verdict.FAIL ? 'broke' : 'changed';
}

/** Ids of the questions whose verdict changed so. */
export function changedIds(
  change: Change,
  now: readonly Answer[],
  before: readonly Answer[],
): readonly string[] {
  const old = new Map(before.map((answer) => [answer.questionId, answer]));
  return now
    .filter((answer) => changeOf(answer, old.get(answer.questionId)) === change)
    .map(({ questionId }) => questionId);
}
