import type { CallOptions } from '@atelier/rpc';
import type { Collection } from './collection.ts';
import type { PageInput } from './library-types.ts';
import { decodePageToken, encodePageToken } from './page-token.ts';
import type { StoredDocument } from './stored-document.ts';
import type { SizedVersion } from './version-store.ts';

const DEFAULT_HEADERS = 50;
const DEFAULT_VERSIONS = 20;

/** Headers read from storage at a time. */
const SCAN_SIZE = 100;

/** Versions are read a few at a time, and a page ends early rather than outgrow a message. */
const READ_AT_ONCE = 8;
const MAX_PAGE_BYTES = 2 * 1024 * 1024;

/**
 * A page of the documents that pass the filter. The page token remembers in which page of storage the last one was, so
 * that a list of a hundred thousand is not read from its beginning each time.
 */
export async function listHeaders<T>(
  collection: Collection<T>,
  isListed: (value: T) => boolean,
  filters: readonly unknown[],
  { pageSize = 0, pageToken = '' }: PageInput,
  call: CallOptions,
): Promise<{ documents: StoredDocument<T>[]; nextPageToken: string }> {
  const size = pageSize === 0 ? DEFAULT_HEADERS : pageSize;
  const position = decodePageToken(pageToken, filters);
  const found: { document: StoredDocument<T>; storageToken: string }[] = [];
  let storageToken = position?.storageToken ?? '';
  do {
    const page = await collection.list({ pageSize: SCAN_SIZE, pageToken: storageToken }, call);
    for (const document of page.documents) {
      const isAfter = position === undefined || document.id > position.key;
      if (isAfter && isListed(document.value)) found.push({ document, storageToken });
    }
    storageToken = page.nextPageToken;
    // One more than asked tells whether there is another page.
  } while (storageToken !== '' && found.length <= size);
  const given = found.slice(0, size);
  const last = given.at(-1);
  const nextPageToken =
    found.length > size && last !== undefined
      ? encodePageToken({ key: last.document.id, storageToken: last.storageToken }, filters)
      : '';
  return { documents: given.map(({ document }) => document), nextPageToken };
}

/** A page of versions, from the newest down. The token holds the number of the last one given. */
export async function listVersions<V>(
  latest: number,
  read: (number: number) => Promise<SizedVersion<V>>,
  filters: readonly unknown[],
  { pageSize = 0, pageToken = '' }: PageInput,
): Promise<{ versions: V[]; nextPageToken: string }> {
  const size = pageSize === 0 ? DEFAULT_VERSIONS : pageSize;
  const position = decodePageToken(pageToken, filters);
  let next = position === undefined ? latest : Math.min(latest, Number(position.key) - 1);
  const versions: V[] = [];
  let bytes = 0;
  while (next >= 1 && versions.length < size && bytes < MAX_PAGE_BYTES) {
    const count = Math.min(READ_AT_ONCE, next, size - versions.length);
    const numbers = Array.from({ length: count }, (_, index) => next - index);
    for (const sized of await Promise.all(numbers.map(read))) {
      versions.push(sized.version);
      bytes += sized.bytes;
    }
    next -= count;
  }
  const nextPageToken = next >= 1 ? encodePageToken({ key: String(next + 1) }, filters) : '';
  return { versions, nextPageToken };
}
