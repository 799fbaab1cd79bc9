import { ImageSchema } from '@atelier/protos/atelier/storage/v1/image_pb.ts';
import type { ImageService } from '@atelier/protos/atelier/storage/v1/image_service_pb.ts';
import type { Handlers } from '@atelier/rpc';
import type { StorageContext } from '../context.ts';
import { listReach } from '../contract/access.ts';
import { pageAnswer } from '../contract/page-answer.ts';
import { pageRequest, periodOf, readIndex } from '../contract/read-index.ts';

const DEFAULT_PAGE_SIZE = 50;

/** Lists the team's images that are not deleted, newest first. */
export function listImages(context: StorageContext): Handlers<typeof ImageService>['listImages'] {
  return async (request, call) => {
    const { project, subjectId, generation, model, labels } = request;
    const filter = {
      reach: listReach(call),
      project,
      subjectId,
      generation,
      model,
      labels,
      ...periodOf(request),
    };
    const filters = ['images', filter];
    const page = pageRequest(request, filters, DEFAULT_PAGE_SIZE);
    const { answer, asOf } = await readIndex(context, () => context.warehouse.listImages(filter, page));
    const { messages, nextPageToken } = pageAnswer(ImageSchema, answer, filters);
    return { images: messages, nextPageToken, asOf };
  };
}
