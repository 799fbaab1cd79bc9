import type { Document } from '@atelier/protos/atelier/storage/v1/document_service_pb.ts';
import { dataLoss } from '@atelier/rpc';
import { timestampDate } from '@bufbuild/protobuf/wkt';
import type { DocumentCodec } from './codec.ts';

/** A document as storage has it. */
export interface StoredDocument<T> {
  readonly id: string;
  /** Owner, `teams/{id}`; empty for the platform's own. */
  readonly team: string;
  readonly value: T;
  /** Counts writes, from 1. */
  readonly revision: bigint;
  /** When it was last written, by storage's clock. */
  readonly updateTime: Date;
}

/** Reads a document; DATA_LOSS where its content is not of the schema. */
export function readDocument<T>(document: Document, codec: DocumentCodec<T>): StoredDocument<T> {
  const { id, team, revision, updateTime } = document;
  return {
    id,
    team,
    value: decode(document, codec),
    revision,
    updateTime: updateTime === undefined ? new Date(0) : timestampDate(updateTime),
  };
}

function decode<T>(document: Document, codec: DocumentCodec<T>): T {
  try {
    return codec.decode(document.content ?? {});
  } catch (cause) {
    throw dataLoss(`${document.collection}/${document.id} is not a readable ${codec.schema}.`, { cause });
  }
}
