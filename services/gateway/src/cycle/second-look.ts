import {
  type Answer,
  AnswerSchema,
  ProbabilitySource,
  ScoreSchema,
  Verdict,
} from '@atelier/protos/atelier/evaluation/v1/answer_pb.ts';
import { create } from '@bufbuild/protobuf';
import type { CyclePlan } from './plan.ts';
import { passes } from './ranking.ts';
import type { CandidateState, CycleState, Judgement } from './state.ts';

/**
 * Whether a candidate that passes has to be looked at again, since a vision model passed something required by less than
 * the margin. An image that does not pass anyway is not worth the money.
 */
export function needsSecondLook(plan: CyclePlan, candidate: CandidateState): boolean {
  const { confirmMargin = 0 } = plan;
  const { looks = 1, answers = [] } = candidate.judgement ?? {};
  if (confirmMargin === 0 || looks > 1 || !passes(candidate)) return false;
  return answers.some((answer) => isBarelyPassed(answer, confirmMargin));
}

function isBarelyPassed(answer: Answer, margin: number): boolean {
  const { required, verdict, pExpected = 0, passThreshold, uncertainMargin, judgeAnswers } = answer;
  const bar = Math.min(1, passThreshold + uncertainMargin);
  const isSeen = judgeAnswers.some(
    ({ source }) =>
      source === ProbabilitySource.LOG_PROBABILITIES || source === ProbabilitySource.REPEATED_ASKS,
  );
  return required && verdict === Verdict.PASS && isSeen && pExpected < bar + margin;
}

/**
 * What is known of a candidate whose second look could not be made: what was barely passed is not sure, since a look that
 * fails never counts as a pass.
 */
export function unconfirmed(judgement: Judgement, margin: number, why: string): Judgement {
  const doubtful = (answer: Answer) => isBarelyPassed(answer, margin);
  const count = judgement.answers.filter(doubtful).length;
  const answers = judgement.answers.map((answer) =>
    doubtful(answer)
      ? create(AnswerSchema, {
          ...answer,
          verdict: Verdict.UNCERTAIN,
          critique: `It was barely passed, and the second look could not be made: ${why}`,
        })
      : answer,
  );
  const { score } = judgement;
  return {
    ...judgement,
    looks: 2,
    answers,
    score:
      score === undefined
        ? undefined
        : create(ScoreSchema, {
            ...score,
            allRequiredPass: false,
            requiredPasses: score.requiredPasses - count,
            requiredOpen: score.requiredOpen + count,
          }),
  };
}

/** A cycle that ends before a second look was made: what that look was to confirm is not sure. */
export function withoutSecondLooks(state: CycleState): CycleState {
  const { plan } = state;
  const confirmed = (candidate: CandidateState): CandidateState => {
    const { judgement } = candidate;
    if (judgement === undefined || !needsSecondLook(plan, candidate)) return candidate;
    const why = 'the cycle was stopped before it.';
    return { ...candidate, judgement: unconfirmed(judgement, plan.confirmMargin ?? 0, why) };
  };
  const rounds = state.rounds.map((round) =>
    round.candidates.some((candidate) => needsSecondLook(plan, candidate))
      ? { ...round, candidates: round.candidates.map(confirmed) }
      : round,
  );
  return { ...state, rounds };
}
