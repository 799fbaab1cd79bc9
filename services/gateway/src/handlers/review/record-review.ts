import { type Review, ReviewSchema } from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import type { ReviewService } from '@atelier/protos/atelier/gateway/v1/review_service_pb.ts';
import { type CallContext, type Handlers, invalidArgument, requirePrincipal } from '@atelier/rpc';
import { create } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { v7 as uuidv7 } from 'uuid';
import { mayUseProject } from '../../identity/team-access.ts';
import { missing } from '../../resources/not-found.ts';
import { decisionHash } from '../../reviews/review-id.ts';
import type { ReviewDeps } from './deps.ts';

/** Keeps a person's decision on an image of the caller's team. */
export function recordReview(deps: ReviewDeps): Handlers<typeof ReviewService>['recordReview'] {
  return async ({ review: asked, requestId }, context) => {
    if (asked === undefined) throw invalidArgument('review', 'is required');
    const { team } = requirePrincipal(context);
    const { generation, project } = await lineage(asked.image, deps, context);
    const { image, decision, reasons, comment, reviewer, questionLabels } = asked;
    const decided = { image, decision, reasons, comment, reviewer, questionLabels };
    const bare = create(ReviewSchema, decided);
    const name = `reviews/${uuidv7()}`;
    const known =
      requestId === ''
        ? undefined
        : await deps.idempotency.claim({
            team,
            requestId: `review:${requestId}`,
            bodyHash: decisionHash(bare),
            name,
          });
    const review = create(ReviewSchema, {
      ...decided,
      id: (known ?? name).slice('reviews/'.length),
      generation,
      project,
      team,
      createTime: timestampFromDate(deps.now()),
    });
    // A repeat is written again under its id, which changes nothing: the first attempt may not have got this far.
    await append(review, deps, context);
    return { review };
  };
}

/** Where the image came from; NOT_FOUND where it is another team's, or outside the project of the key. */
async function lineage(image: string, { images }: ReviewDeps, context: CallContext) {
  const found = (await images.getImage({ name: image }, context)).image;
  const principal = requirePrincipal(context);
  if (found === undefined || found.team !== principal.team || !mayUseProject(principal, found.project)) {
    throw missing(image);
  }
  return found;
}

async function append(value: Review, { records }: ReviewDeps, context: CallContext): Promise<void> {
  await records.appendRecords({ records: [{ record: { case: 'review', value } }] }, context);
}
