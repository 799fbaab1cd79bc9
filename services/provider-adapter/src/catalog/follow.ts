import type { Collection } from '@atelier/documents';
import type { Logger } from '@atelier/observability';
import type { JsonObject } from '@bufbuild/protobuf';
import type { Catalog } from './catalog.ts';
import { readRegistration } from './registration.ts';

/**
 * Keeps the catalog current with what is registered, until the signal is aborted. While storage is away the last known
 * registrations count, and the watch goes on by itself once it is back.
 */
export async function followRegistrations(
  catalog: Catalog,
  collection: Collection<JsonObject>,
  log: Logger,
  signal: AbortSignal,
): Promise<void> {
  for await (const event of collection.watch({ signal })) {
    switch (event.kind) {
      case 'document':
        try {
          catalog.apply(readRegistration(event.document));
        } catch (err) {
          log.error({ err, model: event.document.id }, 'a registered model cannot be read and is left out');
        }
        break;
      case 'deleted':
        catalog.remove(`models/${event.id}`);
        break;
      case 'synced':
        catalog.markSynced();
        break;
      case 'interrupted':
        log.debug({ err: event.error }, 'the watch over registered models was interrupted');
    }
  }
}
