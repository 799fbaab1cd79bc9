import type { DocumentService } from '@atelier/protos/atelier/storage/v1/document_service_pb.ts';
import { type Handlers, invalidArgument } from '@atelier/rpc';
import type { StorageContext } from '../context.ts';
import { documentError, documentMessage } from '../contract/document-message.ts';

/** Bytes of a document's content as JSON: 256 KiB, so that a page or a watch of many stays affordable. */
const MAX_CONTENT_BYTES = 256 * 1024;

/** Writes one document by compare-and-set. */
export function putDocument({ documents }: StorageContext): Handlers<typeof DocumentService>['putDocument'] {
  return async ({ document, expectedRevision }) => {
    if (document === undefined) throw invalidArgument('document', 'is required');
    const { collection, id, team, schema, content = {} } = document;
    if (Buffer.byteLength(JSON.stringify(content)) > MAX_CONTENT_BYTES)
      throw invalidArgument('document.content', `must be at most ${MAX_CONTENT_BYTES} bytes as JSON`);
    try {
      const expected = expectedRevision === undefined ? undefined : Number(expectedRevision);
      const stored = await documents.put({ collection, id, team, schema, content }, expected);
      return { document: documentMessage(stored) };
    } catch (error) {
      throw documentError(error, collection, id);
    }
  };
}
