import type { JsonObject } from '@bufbuild/protobuf';
import { z } from 'zod';

/** Version of the form in which documents are kept. A reader takes this one and the one before. */
const FORMAT = 1;

/** A document at one revision, or the fact that it was deleted at that revision. */
export interface StoredDocument {
  readonly collection: string;
  readonly id: string;
  readonly revision: number;
  readonly updateTime: Date;
  readonly deleted: boolean;
  /** `teams/{id}`, or empty for the platform's own. */
  readonly team: string;
  /** Type of the content. */
  readonly schema: string;
  readonly content: JsonObject;
}

const form = z.object({
  format: z.literal(FORMAT),
  collection: z.string(),
  id: z.string(),
  revision: z.number().int().positive(),
  updateTime: z.iso.datetime().transform((text) => new Date(text)),
  deleted: z.boolean(),
  team: z.string(),
  schema: z.string(),
  content: z.record(z.string(), z.json()),
});

/** The bytes under which a document is kept. */
export function encodeDocument(document: StoredDocument): Buffer {
  return Buffer.from(JSON.stringify({ format: FORMAT, ...document }));
}

/** Reads what was kept. Throws where it is not in the form. */
export function decodeDocument(bytes: Buffer): StoredDocument {
  const { format: _, ...document } = form.parse(JSON.parse(bytes.toString()));
  return document as StoredDocument;
}

/** Revisions are padded so that their keys sort by number; ten digits outlast a write every second for 300 years. */
export function documentKey(collection: string, id: string, revision: number): string {
  return `documents/${collection}/${id}/${String(revision).padStart(10, '0')}`;
}

/** The id within a document's key; undefined for any other key. */
export function documentIdOf(key: string): string | undefined {
  return /^documents\/[^/]+\/([^/]+)\/\d{10}$/.exec(key)?.[1];
}
