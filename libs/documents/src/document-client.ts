import type { DocumentService } from '@atelier/protos/atelier/storage/v1/document_service_pb.ts';
import type { Client } from '@atelier/rpc';

/** Client of the service that keeps the documents. */
export type DocumentClient = Client<typeof DocumentService>;
