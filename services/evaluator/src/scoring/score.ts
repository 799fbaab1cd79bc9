import {
  type Answer,
  type Score,
  ScoreSchema,
  Verdict,
} from '@atelier/protos/atelier/evaluation/v1/answer_pb.ts';
import { create } from '@bufbuild/protobuf';

/** Least p that enters the geometric mean, so that one hopeless question does not hide the others. */
const LEAST_P = 0.01;

/** What the answers about one image come to. Question-level progress and the gate are two numbers. */
export function scoreOf(answers: readonly Answer[]): Score {
  const required = answers.filter((answer) => answer.required);
  const applicable = answers.filter(({ verdict }) => verdict !== Verdict.NOT_APPLICABLE);
  const count = (verdicts: readonly Verdict[]) =>
    required.filter(({ verdict }) => verdicts.includes(verdict)).length;
  const passes = count([Verdict.PASS]);
  return create(ScoreSchema, {
    // A child of a failed parent did not pass either: all means all that were asked for.
    allRequiredPass: passes === required.length,
    requiredPasses: passes,
    requiredTotal: required.length,
    geometricMean: geometricMean(applicable.map(({ pExpected }) => Math.max(LEAST_P, pExpected ?? 0))),
    arithmeticMean: weightedMean(applicable),
    requiredOpen: count([Verdict.UNCERTAIN, Verdict.CANNOT_JUDGE, Verdict.JUDGE_ERROR]),
    requiredFailures: count([Verdict.FAIL]),
  });
}

/** 1 over nothing: an image that nobody asked about has no fault. */
function geometricMean(values: readonly number[]): number {
  if (values.length === 0) return 1;
  return Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
}

function weightedMean(answers: readonly Answer[]): number {
  const total = answers.reduce((sum, { weight }) => sum + weight, 0);
  if (total === 0) return 1;
  return answers.reduce((sum, { weight, pExpected }) => sum + weight * (pExpected ?? 0), 0) / total;
}
