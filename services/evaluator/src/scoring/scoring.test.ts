import { AnswerSchema, ProbabilitySource, Verdict } from '@atelier/protos/atelier/evaluation/v1/answer_pb.ts';
import { ExpectedAnswer, QuestionSchema } from '@atelier/protos/atelier/evaluation/v1/rubric_pb.ts';
import { create } from '@bufbuild/protobuf';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { JudgeReply } from '../judges/judge.ts';
import { combine } from './answers.ts';
import { scoreOf } from './score.ts';

const question = create(QuestionSchema, { id: 'a', text: 'A?', required: true });
const answered = (pYes: number): JudgeReply => ({
  kind: 'answered',
  pYes,
  source: ProbabilitySource.MEASURED,
  asks: 1,
  critique: 'ask for more',
  finding: 'there is less',
  measured: {},
});
const named = (...replies: JudgeReply[]) => replies.map((reply, index) => ({ judge: `j${index}@1`, reply }));
const failed: JudgeReply = { kind: 'error', critique: 'broken' };
const unable: JudgeReply = { kind: 'cannot-judge', critique: 'too busy', measured: {} };

describe('combining a panel', () => {
  test.each([
    ['surely yes', [answered(0.9)], Verdict.PASS],
    ['surely no', [answered(0.1)], Verdict.FAIL],
    ['near the threshold', [answered(0.55)], Verdict.UNCERTAIN],
    ['the mean, where a majority would fail it', [answered(1), answered(0.45), answered(0.45)], Verdict.PASS],
    ['nobody able', [unable], Verdict.CANNOT_JUDGE],
    ['nobody asked', [], Verdict.CANNOT_JUDGE],
    ['nobody but one that failed', [unable, failed], Verdict.JUDGE_ERROR],
    ['one that failed beside one that answered', [failed, answered(0.9)], Verdict.PASS],
  ])('%s', (_, replies, verdict) => {
    expect(combine(question, named(...replies)).verdict).toBe(verdict);
  });

  test('the fault of a hoped-for "no" is what was found', () => {
    const no = create(QuestionSchema, { ...question, expectedAnswer: ExpectedAnswer.NO });
    expect(combine(no, named(answered(0.95)))).toMatchObject({
      verdict: Verdict.FAIL,
      critique: 'there is less',
    });
    expect(combine(no, named(answered(0.05)))).toMatchObject({ verdict: Verdict.PASS, critique: '' });
  });

  test("a question's own threshold and margin count", () => {
    const strict = create(QuestionSchema, { ...question, passThreshold: 0.9, uncertainMargin: 0 });
    expect(combine(strict, named(answered(0.89))).verdict).toBe(Verdict.FAIL);
    expect(combine(strict, named(answered(0.9))).verdict).toBe(Verdict.PASS);
  });

  test('p on a bound is on it, whatever sums of decimal fractions lose', () => {
    const at = (passThreshold: number, uncertainMargin: number, ...p: number[]) =>
      combine(
        create(QuestionSchema, { ...question, passThreshold, uncertainMargin }),
        named(...p.map((each) => answered(each))),
      ).verdict;
    expect(at(0.2, 0.1, 0.3)).toBe(Verdict.PASS);
    expect(at(0.7, 0, 0.7, 0.7, 0.7)).toBe(Verdict.PASS);
    expect(at(0.4, 0.3, 0.1)).toBe(Verdict.FAIL);
    expect(at(0.2, 0.1, 0.299)).toBe(Verdict.UNCERTAIN);
  });

  test('without an answer there is never a pass', () => {
    const reply = fc.constantFrom(failed, unable);
    fc.assert(
      fc.property(fc.array(reply, { maxLength: 5 }), (replies) => {
        const { verdict, pYes } = combine(question, named(...replies));
        expect(verdict).not.toBe(Verdict.PASS);
        expect(pYes).toBeUndefined();
      }),
      { seed: 1 },
    );
  });
});

const verdict = fc.constantFrom(...Object.values(Verdict).filter((value) => value !== Verdict.UNSPECIFIED));
const answer = fc
  .record({
    verdict,
    required: fc.boolean(),
    weight: fc.double({ min: 0.1, max: 10, noNaN: true }),
    p: fc.double({ min: 0, max: 1, noNaN: true }),
  })
  .map(({ verdict, required, weight, p }) => {
    const hasP = verdict === Verdict.PASS || verdict === Verdict.FAIL || verdict === Verdict.UNCERTAIN;
    return create(AnswerSchema, { verdict, required, weight, ...(hasP ? { pExpected: p } : {}) });
  });

describe('scores', () => {
  test('the gate opens only when every required question passes, and every required answer is counted once', () => {
    fc.assert(
      fc.property(fc.array(answer, { maxLength: 12 }), (answers) => {
        const score = scoreOf(answers);
        const required = answers.filter((one) => one.required);
        expect(score.allRequiredPass).toBe(required.every((one) => one.verdict === Verdict.PASS));
        const skipped = required.filter((one) => one.verdict === Verdict.NOT_APPLICABLE).length;
        expect(score.requiredPasses + score.requiredFailures + score.requiredOpen + skipped).toBe(
          score.requiredTotal,
        );
        for (const mean of [score.geometricMean, score.arithmeticMean]) {
          expect(mean).toBeGreaterThanOrEqual(0);
          expect(mean).toBeLessThanOrEqual(1 + 1e-9);
        }
      }),
      { seed: 2 },
    );
  });

  test('means are over what applies, a question without p counts as least', () => {
    const score = scoreOf([
      create(AnswerSchema, { verdict: Verdict.PASS, weight: 1, pExpected: 1 }),
      create(AnswerSchema, { verdict: Verdict.CANNOT_JUDGE, weight: 3 }),
      create(AnswerSchema, { verdict: Verdict.NOT_APPLICABLE, weight: 5 }),
    ]);
    expect(score.geometricMean).toBeCloseTo(0.1);
    expect(score.arithmeticMean).toBeCloseTo(0.25);
  });
});
