import {
  type Generation,
  GenerationSchema,
  Outcome,
  ReviewDecision,
} from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { describe, expect, test } from '@jest/globals';
import { approvedImage, approvedImages, NotApprovedError } from './approved.ts';

const [best, second] = ['images/1', 'images/2'];

function generation(init: MessageInitShape<typeof GenerationSchema>): Generation {
  const isApproved = 'outcome' in init && init.outcome === Outcome.APPROVED;
  return create(GenerationSchema, {
    name: 'generations/1',
    results: [
      { image: { name: best }, approved: isApproved },
      { image: { name: second }, approved: isApproved },
    ],
    failedQuestions: isApproved ? [] : [{ questionId: 'count' }],
    ...init,
  });
}

const review = (decision: ReviewDecision) => ({ decision, image: best, reviewer: 'ann' });

describe('an approved image', () => {
  test('is the best of a generation that ended APPROVED', () => {
    const ended = generation({ outcome: Outcome.APPROVED });
    expect(approvedImage(ended).name).toBe(best);
    expect(approvedImages(ended).map(({ name }) => name)).toEqual([best, second]);
  });

  test.each([
    Outcome.UNSPECIFIED,
    Outcome.NEEDS_REVIEW,
    Outcome.EXHAUSTED,
    Outcome.UNJUDGED,
    Outcome.REFUSED,
    Outcome.FAILED,
    Outcome.CANCELLED,
  ])('is not there with outcome %s, though images are', (outcome) => {
    const ended = generation({ outcome });
    expect(() => approvedImage(ended)).toThrow(NotApprovedError);
    expect(() => approvedImage(ended)).toThrow(/count/);
  });

  test('is the one that a person approved, and no other', () => {
    const ended = generation({ outcome: Outcome.EXHAUSTED, review: review(ReviewDecision.APPROVED) });
    expect(approvedImages(ended).map(({ name }) => name)).toEqual([best]);
  });

  test('is not there when a person rejected it, whatever the gate says', () => {
    const ended = generation({ outcome: Outcome.APPROVED, review: review(ReviewDecision.REJECTED) });
    expect(() => approvedImage(ended)).toThrow(/rejected by a person/);
  });

  test('is not there when nothing could be made', () => {
    expect(() => approvedImage(generation({ outcome: Outcome.APPROVED, results: [] }))).toThrow(
      NotApprovedError,
    );
  });
});
