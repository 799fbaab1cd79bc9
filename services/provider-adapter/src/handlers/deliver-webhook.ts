import type { ImageGenerationService } from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import { notFound, unimplemented } from '@atelier/rpc';
import type { Method } from './method.ts';

/** Has a webhook verified by its provider, and wakes whoever waits for the job. */
export const deliverWebhook: Method<typeof ImageGenerationService.method.deliverWebhook> =
  ({ providers, webhooks, now }) =>
  async ({ provider: name, key, headers, body }) => {
    const provider = providers.get(name);
    if (provider === undefined)
      throw notFound(`There is no provider ${name}.`, { metadata: { resource: name } });
    if (provider.verifyWebhook === undefined || webhooks === undefined) {
      throw unimplemented(`The provider ${name} sends no webhooks.`, { reason: 'NOT_OFFERED' });
    }
    const byName = new Map(headers.map((header) => [header.name.toLowerCase(), header.value]));
    const id = await provider.verifyWebhook({ key, headers: byName, body }, now());
    return { accepted: await webhooks.take(name, key, id, now()) };
  };
