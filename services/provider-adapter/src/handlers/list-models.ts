import { decodePageToken, encodePageToken } from '@atelier/documents';
import { Task } from '@atelier/protos/atelier/common/v1/parameters_pb.ts';
import type { CatalogService } from '@atelier/protos/atelier/provider/v1/catalog_service_pb.ts';
import { isAvailable } from '../catalog/usable.ts';
import type { Method } from './method.ts';

const DEFAULT_PAGE_SIZE = 50;

/** Lists models, by name. */
export const listModels: Method<typeof CatalogService.method.listModels> =
  ({ catalog, now }) =>
  async ({ pageSize, pageToken, task, provider, includeUnavailable }) => {
    const filters = [task, provider, includeUnavailable];
    const after = decodePageToken(pageToken, filters)?.key ?? '';
    const time = now();
    const found = catalog
      .list()
      .filter((model) => model.name > after)
      .filter((model) => task === Task.UNSPECIFIED || model.tasks.includes(task))
      .filter((model) => provider === '' || model.provider === provider)
      .filter((model) => includeUnavailable || isAvailable(model, time));
    const models = found.slice(0, pageSize === 0 ? DEFAULT_PAGE_SIZE : pageSize);
    const last = models.at(-1);
    const isEnd = last === undefined || models.length === found.length;
    return { models, nextPageToken: isEnd ? '' : encodePageToken({ key: last.name }, filters) };
  };
