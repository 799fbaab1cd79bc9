import type { DocumentService } from '@atelier/protos/atelier/storage/v1/document_service_pb.ts';
import type { Handlers } from '@atelier/rpc';
import type { StorageContext } from '../context.ts';
import { documentMessage, documentNotFound } from '../contract/document-message.ts';

/** Reads one document. */
export function getDocument({ documents }: StorageContext): Handlers<typeof DocumentService>['getDocument'] {
  return async ({ collection, id }) => {
    const document = await documents.get(collection, id);
    if (document === undefined) throw documentNotFound(collection, id);
    return { document: documentMessage(document) };
  };
}
