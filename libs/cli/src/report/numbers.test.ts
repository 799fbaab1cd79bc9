import { Verdict } from '@atelier/protos/atelier/evaluation/v1/answer_pb.ts';
import {
  type Generation,
  GenerationSchema,
  GenerationState,
  LadderStep,
  Outcome,
  ReviewDecision,
} from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import { create } from '@bufbuild/protobuf';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { numbersOf } from './numbers.ts';
import { shareOf } from './wilson.ts';

describe('shareOf', () => {
  // Limits as tables of the score interval have them, such as Newcombe (1998), table I.
  test.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
    [29, 29, 0.883, 1],
  ])('%i of %i lies between %f and %f', (count, of, low, high) => {
    expect(shareOf(count, of)?.low).toBeCloseTo(low, 4);
    expect(shareOf(count, of)?.high).toBeCloseTo(high, 4);
  });

  test('an interval holds its share, is within 0 and 1, and narrows with more cases', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), fc.nat(500), (of, some) => {
        const count = some % (of + 1);
        const one = shareOf(count, of);
        const more = shareOf(count * 4, of * 4);
        if (one === undefined || more === undefined) throw new Error('no share');
        expect(one.low).toBeGreaterThanOrEqual(0);
        expect(one.high).toBeLessThanOrEqual(1);
        expect(one.low).toBeLessThanOrEqual(one.share);
        expect(one.high).toBeGreaterThanOrEqual(one.share);
        expect(more.high - more.low).toBeLessThan(one.high - one.low);
      }),
      { seed: 4 },
    );
  });

  test('of nothing there is no share', () => expect(shareOf(0, 0)).toBeUndefined());
});

interface Plan {
  readonly outcome: Outcome;
  readonly resultRound?: number;
  readonly microUsd?: bigint;
  readonly verdicts?: readonly [Verdict, Verdict];
  readonly review?: ReviewDecision;
  readonly running?: boolean;
}

/** A generation of two rounds and a round of the control arm, which counts nowhere. */
function generation({
  outcome,
  resultRound = 1,
  microUsd,
  verdicts,
  review,
  running = false,
}: Plan): Generation {
  const image = { name: `images/${outcome}-${resultRound}` };
  const [first = Verdict.FAIL, second = Verdict.PASS] = verdicts ?? [];
  const answers = (verdict: Verdict) => [
    { questionId: 'count', askedBy: 'organisation', text: 'Three?', verdict },
  ];
  const round = (number: number, verdict: Verdict, step: LadderStep) => ({
    number,
    step,
    candidates: [
      { round: number, index: 0, image, rank: number === resultRound ? 1 : 2, answers: answers(verdict) },
    ],
  });
  return create(GenerationSchema, {
    state: running ? GenerationState.RUNNING : GenerationState.ENDED,
    outcome,
    rounds: [
      round(0, first, LadderStep.UNSPECIFIED),
      round(1, second, LadderStep.REWRITE),
      round(2, Verdict.FAIL, LadderStep.CONTROL),
    ],
    results: [{ image, round: resultRound, index: 0, approved: outcome === Outcome.APPROVED }],
    ...(microUsd !== undefined && { cost: { microUsd } }),
    ...(review !== undefined && { review: { decision: review, image: image.name } }),
  });
}

describe('numbersOf', () => {
  const numbers = numbersOf([
    generation({ outcome: Outcome.APPROVED, microUsd: 10_000n }),
    generation({
      outcome: Outcome.APPROVED,
      microUsd: 5_000n,
      resultRound: 0,
      verdicts: [Verdict.PASS, Verdict.PASS],
    }),
    generation({ outcome: Outcome.EXHAUSTED, microUsd: 15_000n, verdicts: [Verdict.FAIL, Verdict.FAIL] }),
    generation({ outcome: Outcome.NEEDS_REVIEW, microUsd: 10_000n, review: ReviewDecision.APPROVED }),
    generation({ outcome: Outcome.APPROVED, microUsd: 10_000n, review: ReviewDecision.REJECTED }),
    generation({ outcome: Outcome.UNSPECIFIED, microUsd: 1_000n, running: true }),
  ]);

  test('approvals are those of the gate, at round 0 and at the end, of all that ended', () => {
    expect(numbers).toMatchObject({
      generations: 6,
      ended: 5,
      approvedAtEnd: { count: 3, of: 5 },
      approvedAtFirst: { count: 1, of: 5 },
      approvedByPeople: { count: 1, of: 2 },
      rounds: 12,
      images: 12,
    });
    expect(numbers.outcomes.map(({ outcome, share }) => [outcome, share.count])).toEqual([
      [Outcome.APPROVED, 3],
      [Outcome.NEEDS_REVIEW, 1],
      [Outcome.EXHAUSTED, 1],
    ]);
  });

  test('what an approved image costs counts all that was spent, and a rejected image is none', () => {
    expect(numbers.cost.microUsd).toBe(51_000n);
    expect(numbers).toMatchObject({
      approvedImages: 3,
      costPerApproved: { microUsd: 17_000n, incomplete: false },
    });
  });

  test('a question fails in the best of round 0 and in the result, whoever asks it', () => {
    expect(numbers.questions).toMatchObject([
      { id: 'count', askedBy: 'organisation', first: { count: 4, of: 5 }, end: { count: 1, of: 5 } },
    ]);
  });

  test('an unknown cost is a lower bound, and never zero', () => {
    const some = [
      generation({ outcome: Outcome.APPROVED, microUsd: 9n }),
      generation({ outcome: Outcome.APPROVED }),
    ];
    expect(numbersOf(some).cost).toMatchObject({ microUsd: 9n, incomplete: true });
    expect(numbersOf(some.slice(1)).costPerApproved?.microUsd).toBeUndefined();
    expect(numbersOf(some.slice(1)).costPerApproved?.incomplete).toBe(true);
  });

  test('of none approved there is no cost of one', () => {
    expect(
      numbersOf([generation({ outcome: Outcome.FAILED, microUsd: 9n })]).costPerApproved,
    ).toBeUndefined();
  });
});
