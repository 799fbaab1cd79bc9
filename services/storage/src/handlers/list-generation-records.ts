import { GenerationSchema } from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import type { RecordService } from '@atelier/protos/atelier/storage/v1/record_service_pb.ts';
import type { Handlers } from '@atelier/rpc';
import type { StorageContext } from '../context.ts';
import { listReach } from '../contract/access.ts';
import { pageAnswer } from '../contract/page-answer.ts';
import { pageRequest, periodOf, readIndex } from '../contract/read-index.ts';

const DEFAULT_PAGE_SIZE = 50;

/** Lists generations without rounds, newest first unless asked otherwise. */
export function listGenerationRecords(
  context: StorageContext,
): Handlers<typeof RecordService>['listGenerationRecords'] {
  return async (request, call) => {
    const { project, subjectId, model, labels, outcomes, state, review, unreviewed, oldestFirst } = request;
    const filter = {
      reach: listReach(call),
      project,
      subjectId,
      model,
      labels,
      outcomes,
      state,
      review,
      unreviewed,
      oldestFirst,
      ...periodOf(request),
    };
    const filters = ['generations', filter];
    const page = pageRequest(request, filters, DEFAULT_PAGE_SIZE);
    const { answer, asOf } = await readIndex(context, () => context.warehouse.listGenerations(filter, page));
    const { messages, nextPageToken } = pageAnswer(GenerationSchema, answer, filters);
    return { generations: messages, nextPageToken, asOf };
  };
}
