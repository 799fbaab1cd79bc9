import { randomBytes } from 'node:crypto';
import {
  alreadyExists,
  type CallOptions,
  Code,
  dataLoss,
  invalidArgument,
  isRpcError,
  notFound,
} from '@atelier/rpc';
import type { DescMessage, JsonObject, MessageShape } from '@bufbuild/protobuf';
import { type DocumentCodec, messageCodec } from './codec.ts';
import type { DocumentClient } from './document-client.ts';
import { fromStorage } from './storage-errors.ts';
import { readDocument, type StoredDocument, WRITE_ID } from './stored-document.ts';
import { type CollectionEvent, watchCollection } from './watch.ts';

/** What a page of a collection is asked for with. */
export interface ListOptions {
  /** Only documents of this team. */
  readonly team?: string | undefined;
  /** Only ids that begin so. */
  readonly idPrefix?: string | undefined;
  /** At most 500; the default is 100. */
  readonly pageSize?: number | undefined;
  /** Token of the page before. */
  readonly pageToken?: string | undefined;
}

/** One page, in the order of ids. */
export interface Page<T> {
  readonly documents: readonly StoredDocument<T>[];
  /** Empty at the end. */
  readonly nextPageToken: string;
}

/** Which collection, and what is in it. */
export interface CollectionOptions<T> {
  readonly client: DocumentClient;
  /** Name such as `templates`. */
  readonly collection: string;
  readonly codec: DocumentCodec<T>;
}

/** The limit of storage on one document, in bytes of its JSON. */
export const MAX_DOCUMENT_BYTES = 256 * 1024;

/** One write, which keeps its id however often it is sent. */
interface Write {
  readonly id: string;
  readonly team: string;
  readonly writeId: string;
  readonly content: JsonObject;
}

/** How often a change is tried against writers that come in between. */
const MAX_ATTEMPTS = 10;

/**
 * One collection of documents of one type. Reads and writes go to storage each time; nothing is cached here. Errors are
 * those of storage; where it cannot be reached, UNAVAILABLE (SERVICE_UNREACHABLE, metadata service=storage).
 */
export class Collection<T> {
  readonly name: string;
  readonly codec: DocumentCodec<T>;
  readonly #client: DocumentClient;

  constructor({ client, collection, codec }: CollectionOptions<T>) {
    this.name = collection;
    this.codec = codec;
    this.#client = client;
  }

  /** Reads a document; undefined where there is none. */
  async get(id: string, call?: CallOptions): Promise<StoredDocument<T> | undefined> {
    try {
      const { document } = await fromStorage(this.#client.getDocument({ collection: this.name, id }, call));
      return document === undefined ? undefined : readDocument(document, this.codec);
    } catch (error) {
      if (isRpcError(error, Code.NOT_FOUND)) return undefined;
      throw error;
    }
  }

  /** Writes a document that must not exist yet; ALREADY_EXISTS where it does. Of many at once exactly one succeeds. */
  async create(id: string, team: string, value: T, call?: CallOptions): Promise<StoredDocument<T>> {
    const write = this.#writeOf(id, team, value);
    try {
      return await this.#put(write, 0n, call);
    } catch (error) {
      if (!isRpcError(error, Code.ABORTED)) throw error;
      const present = await this.get(id, call);
      if (present === undefined) throw error;
      if (present.writeId === write.writeId) return present;
      throw alreadyExists(`${this.name}/${id} exists.`, { metadata: { resource: `${this.name}/${id}` } });
    }
  }

  /** Writes a document whatever is there, or only over the given revision (ABORTED, ETAG_MISMATCH, where it moved on). */
  async put(
    id: string,
    team: string,
    value: T,
    options: { readonly expectedRevision?: bigint | undefined } = {},
    call?: CallOptions,
  ): Promise<StoredDocument<T>> {
    return this.#put(this.#writeOf(id, team, value), options.expectedRevision, call);
  }

  /**
   * Reads, changes and writes back by compare-and-set; where another writer came in between it begins again with what
   * is there now, so that `change` may run several times, and each change counts once. It gives the new value, or
   * undefined to leave the document as it is, or throws to give up. NOT_FOUND where there is no document; ABORTED after
   * ten lost races.
   */
  async update(
    id: string,
    change: (current: StoredDocument<T>) => T | undefined,
    call?: CallOptions,
  ): Promise<StoredDocument<T>> {
    let tried: string | undefined;
    for (let attempt = 1; ; attempt += 1) {
      const current = await this.get(id, call);
      if (current === undefined) throw this.#missing(id);
      // The write got through, and a repeat of it was told that it came too late.
      if (current.writeId === tried) return current;
      const changed = change(current);
      if (changed === undefined) return current;
      const write = this.#writeOf(id, current.team, changed);
      tried = write.writeId;
      try {
        return await this.#put(write, current.revision, call);
      } catch (error) {
        if (!isRpcError(error, Code.ABORTED) || attempt === MAX_ATTEMPTS) throw error;
      }
    }
  }

  /** Deletes a document, or only the given revision of it. NOT_FOUND where there is none. */
  async delete(
    id: string,
    options: { readonly expectedRevision?: bigint | undefined } = {},
    call?: CallOptions,
  ): Promise<void> {
    const { expectedRevision } = options;
    const condition = expectedRevision === undefined ? {} : { expectedRevision };
    await fromStorage(this.#client.deleteDocument({ collection: this.name, id, ...condition }, call));
  }

  /** One page of the collection, in the order of ids. */
  async list(options: ListOptions = {}, call?: CallOptions): Promise<Page<T>> {
    const { team = '', idPrefix = '', pageSize = 0, pageToken = '' } = options;
    const request = { collection: this.name, team, idPrefix, pageSize, pageToken };
    const { documents, nextPageToken } = await fromStorage(this.#client.listDocuments(request, call));
    return { documents: documents.map((document) => readDocument(document, this.codec)), nextPageToken };
  }

  /** All documents, page by page. */
  async *all(
    options: Omit<ListOptions, 'pageToken'> = {},
    call?: CallOptions,
  ): AsyncGenerator<StoredDocument<T>> {
    let pageToken = '';
    do {
      const page = await this.list({ ...options, pageToken }, call);
      yield* page.documents;
      pageToken = page.nextPageToken;
    } while (pageToken !== '');
  }

  /**
   * Every document, then `synced`, then each change as it happens, until the signal is aborted. A stream that breaks is
   * begun again by itself, with another `synced` when all is there again; what was deleted meanwhile is told before it.
   */
  watch(call: CallOptions & { readonly signal: AbortSignal }): AsyncGenerator<CollectionEvent<T>> {
    return watchCollection(this.#client, this.name, this.codec, call);
  }

  #writeOf(id: string, team: string, value: T): Write {
    const writeId = randomBytes(8).toString('hex');
    return { id, team, writeId, content: { ...this.codec.encode(value), [WRITE_ID]: writeId } };
  }

  async #put(
    { id, team, content }: Write,
    expectedRevision: bigint | undefined,
    call: CallOptions | undefined,
  ): Promise<StoredDocument<T>> {
    const bytes = Buffer.byteLength(JSON.stringify(content));
    if (bytes > MAX_DOCUMENT_BYTES) {
      throw invalidArgument('content', `is ${bytes} bytes as JSON; at most ${MAX_DOCUMENT_BYTES} are kept`);
    }
    const document = { collection: this.name, id, team, schema: this.codec.schema, content };
    const condition = expectedRevision === undefined ? {} : { expectedRevision };
    const answer = await fromStorage(this.#client.putDocument({ document, ...condition }, call));
    if (answer.document === undefined) throw dataLoss(`Storage kept nothing of ${this.name}/${id}.`);
    return readDocument(answer.document, this.codec);
  }

  #missing(id: string) {
    return notFound(`There is no ${this.name}/${id}.`, { metadata: { resource: `${this.name}/${id}` } });
  }
}

/** A collection of messages, in their JSON form. */
export function typedCollection<D extends DescMessage>(options: {
  readonly client: DocumentClient;
  readonly collection: string;
  readonly schema: D;
}): Collection<MessageShape<D>> {
  const { client, collection, schema } = options;
  return new Collection({ client, collection, codec: messageCodec(schema) });
}
