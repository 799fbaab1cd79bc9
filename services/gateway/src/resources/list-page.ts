import { type Collection, decodePageToken, encodePageToken, type StoredDocument } from '@atelier/documents';
import type { CallOptions } from '@atelier/rpc';

/** How a list is asked for. */
export interface ListRequest {
  /** 0 for the default of 50. */
  readonly pageSize: number;
  readonly pageToken: string;
}

/** Which documents are listed. */
export interface ListFilter<T> {
  /** Only of this team; undefined for all. */
  readonly team: string | undefined;
  /** Everything that decides what is listed: a token is good for a list with the same filters only. */
  readonly filters: readonly unknown[];
  readonly keep: (document: StoredDocument<T>) => boolean;
}

const DEFAULT_PAGE_SIZE = 50;

/** Documents that are asked of storage at once. */
const STORAGE_PAGE_SIZE = 200;

/** One page of the documents that the filter keeps, in the order of their ids. */
export async function listPage<T>(
  collection: Collection<T>,
  request: ListRequest,
  { team, filters, keep }: ListFilter<T>,
  call: CallOptions,
): Promise<{ documents: StoredDocument<T>[]; nextPageToken: string }> {
  const size = request.pageSize === 0 ? DEFAULT_PAGE_SIZE : request.pageSize;
  const from = decodePageToken(request.pageToken, filters);
  const found: StoredDocument<T>[] = [];
  let storageToken = from?.storageToken ?? '';
  let last = { key: '', storageToken: '' };
  for (;;) {
    const options = { team, pageSize: STORAGE_PAGE_SIZE, pageToken: storageToken };
    const page = await collection.list(options, call);
    for (const document of page.documents) {
      if ((from !== undefined && document.id <= from.key) || !keep(document)) continue;
      // One more than fits tells that there is a next page.
      if (found.length === size) return { documents: found, nextPageToken: encodePageToken(last, filters) };
      found.push(document);
      last = { key: document.id, storageToken };
    }
    if (page.nextPageToken === '') return { documents: found, nextPageToken: '' };
    storageToken = page.nextPageToken;
  }
}
