import { createHash } from 'node:crypto';
import { clone, fromJson, type JsonObject, type Message, toJson } from '@bufbuild/protobuf';
import type { GenMessage } from '@bufbuild/protobuf/codegenv2';
import type { DocumentCodec } from './codec.ts';
import type { LibraryHeader } from './library-types.ts';
import type { StoredDocument } from './stored-document.ts';

/** The document behind a header: the resource, and where its versions are. */
export interface HeaderRecord<H extends Message> {
  readonly resource: H;
  /**
   * For each version, from 1, the last part of its document's id. A version counts from the moment it is listed here,
   * which happens in one compare-and-set; what was written and never listed is not part of the line.
   */
  readonly versions: readonly string[];
  /** The attempt that made the resource, by which a repeat of it is known. */
  readonly created: { readonly request: string; readonly body: string };
}

/** Keeps header records as JSON, the resource in its own JSON form. */
export function headerCodec<H extends LibraryHeader>(schema: GenMessage<H>): DocumentCodec<HeaderRecord<H>> {
  return {
    schema: schema.typeName,
    encode: ({ resource, versions, created }) => ({
      resource: toJson(schema, resource) as JsonObject,
      versions: [...versions],
      created: { ...created },
    }),
    decode: (content) => {
      const { resource, versions, created } = content as {
        resource: JsonObject;
        versions: string[];
        created: { request: string; body: string };
      };
      return { resource: fromJson(schema, resource, { ignoreUnknownFields: true }) as H, versions, created };
    },
  };
}

/** The header as callers see it: with what follows from the document and is not kept twice. */
export function presentHeader<H extends LibraryHeader>(
  schema: GenMessage<H>,
  document: StoredDocument<HeaderRecord<H>>,
): H {
  const { resource, versions } = document.value;
  const header = clone(schema, resource) as H;
  header.latestVersion = versions.length;
  header.aliases = { ...resource.aliases, latest: versions.length };
  header.revision = document.revision;
  header.etag = etagOf(document.id, document.revision);
  return header;
}

/** Differs for every revision of every document, and does not invite arithmetic. */
export function etagOf(id: string, revision: bigint): string {
  const digest = createHash('sha256').update(`${id}:${revision}`).digest('hex');
  return `"${revision}-${digest.slice(0, 10)}"`;
}
