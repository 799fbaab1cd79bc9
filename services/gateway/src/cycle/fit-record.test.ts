import { AnswerSchema, ProbabilitySource, Verdict } from '@atelier/protos/atelier/evaluation/v1/answer_pb.ts';
import { type Generation, GenerationSchema } from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import { create, toBinary } from '@bufbuild/protobuf';
import { expect, test } from '@jest/globals';
import { fitRecord, MAX_RECORD_BYTES } from './fit-record.ts';

/** An answer of a panel of three, as long as findings are. */
function answer(number: number) {
  const judge = (name: string) => ({
    judge: `${name}@1`,
    pYes: 0.3,
    source: ProbabilitySource.LOG_PROBABILITIES,
    finding: 'The left of the three apples is partly hidden. '.repeat(4),
    critique: 'Ask for three apples that are apart. '.repeat(4),
  });
  return create(AnswerSchema, {
    questionId: `question-${number}`,
    text: 'Are there exactly three red apples, each of them wholly to be seen?',
    required: true,
    verdict: number % 4 === 0 ? Verdict.FAIL : Verdict.PASS,
    pYes: 0.3,
    pExpected: 0.3,
    critique: 'Ask for three apples that are apart. '.repeat(4),
    judgeAnswers: ['eye', 'other', 'third'].map(judge),
  });
}

function generationOf(rounds: number, candidates: number, questions: number): Generation {
  const answers = Array.from({ length: questions }, (_, number) => answer(number));
  let rank = 0;
  return create(GenerationSchema, {
    name: 'generations/g',
    results: [{ round: 0, index: 0 }],
    rounds: Array.from({ length: rounds }, (_, number) => ({
      number,
      candidates: Array.from({ length: candidates }, (__, index) => {
        rank += 1;
        return { round: number, index, rank, answers, score: { requiredPasses: 3 } };
      }),
    })),
  });
}

test('what fits stays as it is', () => {
  const generation = generationOf(3, 8, 20);
  expect(fitRecord(generation)).toBe(generation);
});

test('the largest that the contract allows, with its control arm, is made to fit, and says so', () => {
  const generation = generationOf(19, 16, 100);
  expect(toBinary(GenerationSchema, generation).length).toBeGreaterThan(4 * 1024 * 1024);
  const fitting = fitRecord(generation);
  expect(toBinary(GenerationSchema, fitting).length).toBeLessThanOrEqual(MAX_RECORD_BYTES);
  expect(fitting.warnings).toEqual([expect.stringMatching('too large')]);
  expect(fitting.rounds[0]?.candidates[0]?.answers).toEqual(generation.rounds[0]?.candidates[0]?.answers);
  const scores = fitting.rounds.flatMap(({ candidates }) => candidates.map(({ score }) => score));
  expect(scores.every((score) => score?.requiredPasses === 3)).toBe(true);
});

test('what is left out first is who answered what about images that are not the best of their round', () => {
  const generation = generationOf(2, 16, 100);
  const fitting = fitRecord(generation, 1_500_000);
  const [best, lesser] = fitting.rounds[1]?.candidates ?? [];
  expect(best?.answers[0]?.judgeAnswers).toHaveLength(3);
  expect([lesser?.answers.length, lesser?.answers[0]?.judgeAnswers.length]).toEqual([100, 0]);
});
