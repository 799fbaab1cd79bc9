import type { Document } from '@atelier/protos/atelier/storage/v1/document_service_pb.ts';
import { dataLoss } from '@atelier/rpc';
import type { JsonObject } from '@bufbuild/protobuf';
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
  /** Id of the write that made this revision; empty where it was not written through a collection. */
  readonly writeId: string;
}

/**
 * Field of the content that holds the id of the write. Two writers that write the same value are told apart by it, and
 * a write whose answer was lost is known again; without it one of two equal changes would pass for a repeat of the other.
 */
export const WRITE_ID = '$write';

/** Reads a document; DATA_LOSS where its content is not of the schema. */
export function readDocument<T>(document: Document, codec: DocumentCodec<T>): StoredDocument<T> {
  const { id, team, revision, updateTime, content = {} } = document;
  const { [WRITE_ID]: writeId, ...value } = content;
  return {
    id,
    team,
    value: decode(document, value, codec),
    revision,
    updateTime: updateTime === undefined ? new Date(0) : timestampDate(updateTime),
    writeId: typeof writeId === 'string' ? writeId : '',
  };
}

function decode<T>(document: Document, content: JsonObject, codec: DocumentCodec<T>): T {
  try {
    return codec.decode(content);
  } catch (cause) {
    throw dataLoss(`${document.collection}/${document.id} is not a readable ${codec.schema}.`, { cause });
  }
}
