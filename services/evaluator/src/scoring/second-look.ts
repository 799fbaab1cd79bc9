import {
  type Answer,
  AnswerSchema,
  type JudgeAnswer,
  ProbabilitySource,
  Verdict,
} from '@atelier/protos/atelier/evaluation/v1/answer_pb.ts';
import { ExpectedAnswer } from '@atelier/protos/atelier/evaluation/v1/rubric_pb.ts';
import { create } from '@bufbuild/protobuf';
import { ROUNDING, verdictAt } from './verdict.ts';

/**
 * Whether a question is asked again: it is required, it passed, a vision model had a say in that, and its p of the expected
 * answer is above what passes by less than `margin`.
 */
export function barelyPassed(answer: Answer, margin: number): boolean {
  const { required, verdict, pExpected, passThreshold, uncertainMargin } = answer;
  if (!required || verdict !== Verdict.PASS || pExpected === undefined) return false;
  const passesFrom = Math.min(1, passThreshold + uncertainMargin);
  return isSeen(answer) && pExpected - passesFrom < margin - ROUNDING;
}

/** What is measured comes out the same however often it is measured. */
function isSeen({ check, judgeAnswers }: Answer): boolean {
  return judgeAnswers.some(({ source }) => {
    if (source === ProbabilitySource.UNSPECIFIED) return check === '';
    return source !== ProbabilitySource.MEASURED;
  });
}

/**
 * An answer after a second look at the same question. p is the mean over both looks, each of which is the mean of its panel;
 * the verdict follows from that. A second look that gave no p confirms nothing: its verdict stands, beside the p of the first.
 */
export function mergedLooks(first: Answer, second: Answer): Answer {
  const judgeAnswers = [...first.judgeAnswers, ...second.judgeAnswers.map(secondLook)];
  const common = { ...first, judgeAnswers, looks: 2 };
  if (first.pYes === undefined || second.pYes === undefined) {
    return create(AnswerSchema, { ...common, verdict: second.verdict, critique: second.critique });
  }
  const pYes = (first.pYes + second.pYes) / 2;
  const pExpected = first.expectedAnswer === ExpectedAnswer.NO ? 1 - pYes : pYes;
  const verdict = verdictAt(pExpected, first.passThreshold, first.uncertainMargin);
  const critique = verdict === Verdict.PASS ? '' : second.critique || second.hint;
  return create(AnswerSchema, { ...common, pYes, pExpected, verdict, critique });
}

function secondLook(answer: JudgeAnswer): JudgeAnswer {
  return { ...answer, look: 1 };
}
