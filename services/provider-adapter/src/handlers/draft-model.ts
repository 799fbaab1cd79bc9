import type { CatalogService } from '@atelier/protos/atelier/provider/v1/catalog_service_pb.ts';
import { failedPrecondition, notFound, unimplemented } from '@atelier/rpc';
import type { Method } from './method.ts';

/** Drafts an entry from what a provider publishes of a model. */
export const draftModel: Method<typeof CatalogService.method.draftModel> =
  ({ providers }) =>
  async ({ provider: name, nativeModel }, { signal }) => {
    const provider = providers.get(name);
    if (provider === undefined) {
      throw notFound(`There is no provider ${name}.`, { metadata: { resource: name } });
    }
    if (provider.missing.length > 0) {
      throw failedPrecondition(
        `The provider ${name} is not configured: set ${provider.missing.join(', ')}.`,
        {
          reason: 'PROVIDER_UNAVAILABLE',
          metadata: { resource: name },
        },
      );
    }
    if (provider.draftModel === undefined) {
      throw unimplemented(`The provider ${name} publishes no schemas.`, { reason: 'NOT_OFFERED' });
    }
    const { model, notes } = await provider.draftModel(nativeModel, signal);
    return { model, notes: [...notes] };
  };
