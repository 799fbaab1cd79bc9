import type { ReviewService } from '@atelier/protos/atelier/gateway/v1/review_service_pb.ts';
import type { Handlers } from '@atelier/rpc';
import type { ReviewDeps } from './deps.ts';
import { listReviewQueue } from './list-review-queue.ts';
import { recordReview } from './record-review.ts';

/** The handlers of ReviewService. */
export function reviewHandlers(deps: ReviewDeps): Handlers<typeof ReviewService> {
  return { recordReview: recordReview(deps), listReviewQueue: listReviewQueue(deps) };
}
