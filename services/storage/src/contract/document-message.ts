import type { DocumentSchema } from '@atelier/protos/atelier/storage/v1/document_service_pb.ts';
import { aborted, notFound, type RpcError } from '@atelier/rpc';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { RevisionMismatch } from '../documents/document-store.ts';
import type { StoredDocument } from '../documents/stored-document.ts';

/** A document as the contract has it. */
export function documentMessage(document: StoredDocument): MessageInitShape<typeof DocumentSchema> {
  return {
    collection: document.collection,
    id: document.id,
    team: document.team,
    schema: document.schema,
    content: document.content,
    revision: BigInt(document.revision),
    updateTime: timestampFromDate(document.updateTime),
  };
}

/** NOT_FOUND for a document. */
export function documentNotFound(collection: string, id: string): RpcError {
  return notFound(`There is no document ${collection}/${id}.`, {
    metadata: { resource: `${collection}/${id}` },
  });
}

/** What a caller is told of a failed write: a lost race is ABORTED (ETAG_MISMATCH), naming the revision that is there. */
export function documentError(error: unknown, collection: string, id: string): unknown {
  if (!(error instanceof RevisionMismatch)) return error;
  return aborted(`The document ${collection}/${id} is at revision ${error.actual}.`, {
    reason: 'ETAG_MISMATCH',
    metadata: { resource: `${collection}/${id}`, revision: String(error.actual) },
    cause: error,
  });
}
