import { createHash } from 'node:crypto';
import { type Review, ReviewSchema } from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import { toBinary } from '@bufbuild/protobuf';

/** SHA-256 in hexadecimal of what a person decided, to tell a repeat from another decision under the same request_id. */
export function decisionHash(review: Review): string {
  const labels = Object.fromEntries(
    Object.entries(review.questionLabels).sort(([a], [b]) => (a < b ? -1 : 1)),
  );
  return createHash('sha256')
    .update(toBinary(ReviewSchema, { ...review, questionLabels: labels }))
    .digest('hex');
}
