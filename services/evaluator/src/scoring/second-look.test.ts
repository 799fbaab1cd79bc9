import {
  type Answer,
  AnswerSchema,
  ProbabilitySource,
  Verdict,
} from '@atelier/protos/atelier/evaluation/v1/answer_pb.ts';
import {
  ExpectedAnswer,
  FaultScope,
  QuestionSchema,
} from '@atelier/protos/atelier/evaluation/v1/rubric_pb.ts';
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { faultScopeOf } from './fault-scope.ts';
import { barelyPassed, mergedLooks } from './second-look.ts';
import { verdictAt } from './verdict.ts';

const { REPEATED_ASKS, MEASURED, UNSPECIFIED } = ProbabilitySource;

function answer(pExpected: number, change: MessageInitShape<typeof AnswerSchema> = {}): Answer {
  const isNo = change.expectedAnswer === ExpectedAnswer.NO;
  return create(AnswerSchema, {
    questionId: 'a',
    required: true,
    passThreshold: 0.5,
    uncertainMargin: 0.1,
    pYes: isNo ? 1 - pExpected : pExpected,
    pExpected,
    verdict: verdictAt(pExpected, 0.5, 0.1),
    looks: 1,
    judgeAnswers: [{ judge: 'eye@1', source: REPEATED_ASKS }],
    ...change,
  });
}

describe('who is looked at again', () => {
  test.each([
    ['barely passed', answer(0.65), true],
    ['passed by just the margin', answer(0.75), false],
    ['passed surely', answer(0.9), false],
    ['on the bound', answer(0.6), true],
    ['uncertain', answer(0.55), false],
    ['failed', answer(0.1), false],
    ['not required', answer(0.65, { required: false }), false],
    ['measured', answer(0.65, { check: 'sharpness', judgeAnswers: [{ source: MEASURED }] }), false],
    [
      'measured and read',
      answer(0.65, {
        check: 'text_present',
        judgeAnswers: [{ source: MEASURED }, { source: REPEATED_ASKS }],
      }),
      true,
    ],
    ['of a time when sources were not told', answer(0.65, { judgeAnswers: [{ source: UNSPECIFIED }] }), true],
    [
      'a check of that time',
      answer(0.65, { check: 'format', judgeAnswers: [{ source: UNSPECIFIED }] }),
      false,
    ],
    ['without p', create(AnswerSchema, { required: true, verdict: Verdict.PASS }), false],
  ])('%s: %#', (_, first, expected) => {
    expect(barelyPassed(first, 0.15)).toBe(expected);
  });

  test('nobody, without a margin', () => {
    expect(barelyPassed(answer(0.6), 0)).toBe(false);
  });
});

describe('merging two looks', () => {
  const p = fc.double({ min: 0, max: 1, noNaN: true });
  const expectedAnswer = fc.constantFrom(ExpectedAnswer.YES, ExpectedAnswer.NO);

  test('p is the mean of both, the verdict follows, and nothing that was said is lost', () => {
    fc.assert(
      fc.property(p, p, expectedAnswer, (one, other, expected) => {
        const [first, second] = [one, other].map((each) => answer(each, { expectedAnswer: expected }));
        const merged = mergedLooks(first as Answer, second as Answer);
        expect(merged.pExpected).toBeCloseTo((one + other) / 2);
        expect(merged.verdict).toBe(verdictAt(merged.pExpected ?? -1, 0.5, 0.1));
        expect(merged.looks).toBe(2);
        expect(merged.judgeAnswers.map(({ look }) => look)).toEqual([0, 1]);
        if (merged.verdict === Verdict.PASS) expect(merged.critique).toBe('');
      }),
      { seed: 31 },
    );
  });

  test('a second look that failed confirms nothing', () => {
    const failed = create(AnswerSchema, { verdict: Verdict.JUDGE_ERROR, critique: 'away' });
    const merged = mergedLooks(answer(0.65), failed);
    expect(merged).toMatchObject({ verdict: Verdict.JUDGE_ERROR, critique: 'away', pYes: 0.65, looks: 2 });
  });

  test('a pass that is not confirmed says why', () => {
    const doubtful = answer(0.2, { critique: 'it is blue' });
    expect(mergedLooks(answer(0.65), doubtful)).toMatchObject({
      verdict: Verdict.UNCERTAIN,
      critique: 'it is blue',
    });
  });
});

test.each([
  ['text', FaultScope.UNSPECIFIED, FaultScope.LOCAL],
  ['Colour', FaultScope.UNSPECIFIED, FaultScope.LOCAL],
  ['background', FaultScope.UNSPECIFIED, FaultScope.GLOBAL],
  ['', FaultScope.UNSPECIFIED, FaultScope.GLOBAL],
  ['text', FaultScope.GLOBAL, FaultScope.GLOBAL],
  ['quality', FaultScope.LOCAL, FaultScope.LOCAL],
])('a fault of category "%s" (%i) has the scope %i', (category, faultScope, expected) => {
  expect(faultScopeOf(create(QuestionSchema, { category, faultScope }))).toBe(expected);
});
