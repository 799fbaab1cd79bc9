import type { ImageRef } from '@atelier/protos/atelier/common/v1/image_pb.ts';
import {
  type Generation,
  Outcome,
  ReviewDecision,
} from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import { AtelierError } from '../rpc/atelier-error.ts';
import { Code } from '../rpc/code.ts';

/** The image was asked for, and neither the gate nor a person has approved one. */
export class NotApprovedError extends AtelierError {
  override readonly name = 'NotApprovedError';
  /** The generation, with its best images so far, the failed questions and the reason why it stopped. */
  readonly generation: Generation;

  constructor(generation: Generation) {
    super(Code.FAILED_PRECONDITION, explain(generation), { reason: 'NOT_APPROVED' });
    this.generation = generation;
  }

  /** Ids of the questions that the best image does not pass. */
  get failedQuestionIds(): readonly string[] {
    return this.generation.failedQuestions.map(({ questionId }) => questionId);
  }
}

/**
 * The images that may be shipped, the best first. There is at least one, or it throws a `NotApprovedError`: the outcome is
 * APPROVED, or a person approved the first result. A person's rejection wins over the gate.
 */
export function approvedImages(generation: Generation): ImageRef[] {
  const { outcome, results, review } = generation;
  if (review?.decision === ReviewDecision.REJECTED) throw new NotApprovedError(generation);
  const isByPerson = review?.decision === ReviewDecision.APPROVED;
  const good = results.filter(({ image, approved }) => {
    if (isByPerson && image?.name === review.image) return true;
    return outcome === Outcome.APPROVED && approved;
  });
  const images = good.flatMap(({ image }) => image ?? []);
  if (images.length === 0) throw new NotApprovedError(generation);
  return images;
}

/** The best image that may be shipped; throws a `NotApprovedError` where there is none, so that nobody ships it unread. */
export function approvedImage(generation: Generation): ImageRef {
  return approvedImages(generation)[0] as ImageRef;
}

function explain({ name, outcome, review, failedQuestions, message }: Generation): string {
  const ended = Object.entries(Outcome).find(([, value]) => value === outcome)?.[0] ?? 'UNSPECIFIED';
  const state =
    outcome === Outcome.UNSPECIFIED
      ? 'has not ended'
      : review?.decision === ReviewDecision.REJECTED
        ? 'was rejected by a person'
        : `ended ${ended}`;
  const failed = failedQuestions.map(({ questionId }) => questionId).join(', ');
  return [`${name || 'The generation'} ${state}${failed === '' ? '' : `; not passed: ${failed}`}.`, message]
    .filter(Boolean)
    .join(' ');
}
