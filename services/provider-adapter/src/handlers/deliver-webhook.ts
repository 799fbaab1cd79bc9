import type { ImageGenerationService } from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import { notFound, unimplemented } from '@atelier/rpc';
import type { Method } from './method.ts';

/** Takes a provider's webhook to the provider, which verifies it. */
export const deliverWebhook: Method<typeof ImageGenerationService.method.deliverWebhook> =
  ({ providers, now }) =>
  async ({ provider: name, key, headers, body }) => {
    const provider = providers.get(name);
    if (provider === undefined)
      throw notFound(`There is no provider ${name}.`, { metadata: { resource: name } });
    if (provider.deliverWebhook === undefined) {
      throw unimplemented(`The provider ${name} sends no webhooks.`, { reason: 'NOT_OFFERED' });
    }
    const byName = new Map(headers.map((header) => [header.name.toLowerCase(), header.value]));
    return { accepted: await provider.deliverWebhook({ key, headers: byName, body }, now()) };
  };
