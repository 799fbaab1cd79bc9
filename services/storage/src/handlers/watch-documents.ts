import type { DocumentService } from '@atelier/protos/atelier/storage/v1/document_service_pb.ts';
import { type Handlers, overloaded, unavailable } from '@atelier/rpc';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import type { StorageContext } from '../context.ts';
import { documentMessage } from '../contract/document-message.ts';
import { type WatchEvent, watchDocuments as watch } from '../documents/watch.ts';
import { WatcherTooSlow } from '../documents/watchers.ts';

type Watch = Handlers<typeof DocumentService>['watchDocuments'];
type Answer = ReturnType<Watch> extends AsyncIterable<infer T> ? T : never;

/** Sends all documents of some collections, and then each change. It ends only when the caller or this server goes. */
export function watchDocuments({ documents, now }: StorageContext): Watch {
  return async function* ({ collections }, call) {
    const until = AbortSignal.any([call.signal, call.draining]);
    try {
      for await (const event of watch(documents, [...new Set(collections)], until))
        yield answer(event, now());
    } catch (error) {
      if (!(error instanceof WatcherTooSlow)) throw error;
      throw overloaded('The watcher reads too slowly; begin again.', undefined, { cause: error });
    }
    if (call.draining.aborted)
      throw unavailable('The server is shutting down; begin again.', { reason: 'DRAINING' });
  };
}

function answer(event: WatchEvent, now: Date): Answer {
  switch (event.kind) {
    case 'synced':
      return { event: { case: 'synced', value: { asOf: timestampFromDate(now) } } };
    case 'document':
      return { event: { case: 'document', value: documentMessage(event.document) } };
    case 'deleted': {
      const { collection, id, revision } = event.document;
      return { event: { case: 'deleted', value: { collection, id, revision: BigInt(revision) } } };
    }
  }
}
