import type { DocumentService } from '@atelier/protos/atelier/storage/v1/document_service_pb.ts';
import type { Handlers } from '@atelier/rpc';
import type { StorageContext } from '../context.ts';
import { documentError, documentNotFound } from '../contract/document-message.ts';

/** Deletes one document by compare-and-set. */
export function deleteDocument({
  documents,
}: StorageContext): Handlers<typeof DocumentService>['deleteDocument'] {
  return async ({ collection, id, expectedRevision }) => {
    try {
      const expected = expectedRevision === undefined ? undefined : Number(expectedRevision);
      const tombstone = await documents.delete(collection, id, expected);
      if (tombstone === undefined) throw documentNotFound(collection, id);
      return {};
    } catch (error) {
      throw documentError(error, collection, id);
    }
  };
}
