import { ReviewSchema } from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import type { RecordService } from '@atelier/protos/atelier/storage/v1/record_service_pb.ts';
import type { Handlers } from '@atelier/rpc';
import type { StorageContext } from '../context.ts';
import { listReach } from '../contract/access.ts';
import { pageAnswer } from '../contract/page-answer.ts';
import { pageRequest, readIndex } from '../contract/read-index.ts';

const DEFAULT_PAGE_SIZE = 50;

/** Lists decisions by people, newest first. */
export function listReviewRecords(
  context: StorageContext,
): Handlers<typeof RecordService>['listReviewRecords'] {
  return async (request, call) => {
    const filter = { reach: listReach(call), image: request.image, generation: request.generation };
    const filters = ['reviews', filter];
    const page = pageRequest(request, filters, DEFAULT_PAGE_SIZE);
    const { answer } = await readIndex(context, () => context.warehouse.listReviews(filter, page));
    const { messages, nextPageToken } = pageAnswer(ReviewSchema, answer, filters);
    return { reviews: messages, nextPageToken };
  };
}
