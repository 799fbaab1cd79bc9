import {
  type Document,
  DocumentSchema,
  DocumentService,
  type WatchDocumentsResponse,
} from '@atelier/protos/atelier/storage/v1/document_service_pb.ts';
import { aborted, type Handlers, implement, notFound, type Registration, unavailable } from '@atelier/rpc';
import { clone, create, type MessageInitShape } from '@bufbuild/protobuf';
import { timestampNow } from '@bufbuild/protobuf/wkt';

type Event = NonNullable<
  MessageInitShape<
    typeof import('@atelier/protos/atelier/storage/v1/document_service_pb.ts').WatchDocumentsResponseSchema
  >['event']
>;

/** The contract of DocumentService over a map, so that this library's tests need no other service. */
export class MemoryDocuments {
  readonly documents = new Map<string, Document>();
  /** Called with the name of each method and the document's key before it is served; may throw. */
  before: (method: string, key: string) => void | Promise<void> = () => undefined;
  /** Called after a document was written and before the answer; may throw, as an answer that is lost. */
  afterPut: (key: string) => void = () => undefined;
  readonly #revisions = new Map<string, bigint>();
  readonly #watchers = new Set<(event: WatchDocumentsResponse['event']) => void>();
  #cut = new AbortController();

  registration(): Registration {
    return implement(DocumentService, this.#handlers(), { access: () => 'service' });
  }

  /** Forgets everything, revisions and hooks too. */
  clear(): void {
    this.documents.clear();
    this.#revisions.clear();
    this.before = () => undefined;
    this.afterPut = () => undefined;
  }

  /** Ends every watch with UNAVAILABLE, as a server that restarts does. */
  cutWatches(): void {
    this.#cut.abort(unavailable('cut'));
    this.#cut = new AbortController();
  }

  #handlers(): Handlers<typeof DocumentService> {
    return {
      getDocument: async ({ collection, id }) => {
        await this.before('get', `${collection}/${id}`);
        return { document: this.#present(`${collection}/${id}`) };
      },
      putDocument: async ({ document, expectedRevision }) => {
        if (document === undefined) throw new Error('validated');
        const key = `${document.collection}/${document.id}`;
        await this.before('put', key);
        this.#check(key, expectedRevision);
        const revision = (this.#revisions.get(key) ?? 0n) + 1n;
        const stored = clone(DocumentSchema, document);
        Object.assign(stored, { revision, updateTime: timestampNow() });
        this.#revisions.set(key, revision);
        this.documents.set(key, stored);
        this.#tell({ case: 'document', value: stored });
        this.afterPut(key);
        return { document: stored };
      },
      deleteDocument: async ({ collection, id, expectedRevision }) => {
        const key = `${collection}/${id}`;
        this.#present(key);
        this.#check(key, expectedRevision);
        this.documents.delete(key);
        const revision = (this.#revisions.get(key) ?? 0n) + 1n;
        this.#revisions.set(key, revision);
        this.#tell({
          case: 'deleted',
          value: { $typeName: 'atelier.storage.v1.DocumentDeleted', collection, id, revision },
        });
        return {};
      },
      listDocuments: async ({ collection, team, idPrefix, pageSize, pageToken }) => {
        const size = pageSize === 0 ? 100 : pageSize;
        const all = [...this.documents.values()]
          .filter((document) => document.collection === collection && document.id.startsWith(idPrefix))
          .filter((document) => team === '' || document.team === team)
          .filter((document) => document.id > pageToken)
          .sort((a, b) => (a.id < b.id ? -1 : 1));
        const documents = all.slice(0, size);
        return { documents, nextPageToken: all.length > size ? (documents.at(-1)?.id ?? '') : '' };
      },
      watchDocuments: ({ collections }, { signal }) => this.#watch(collections, signal),
    };
  }

  async *#watch(collections: readonly string[], signal: AbortSignal) {
    const queue: WatchDocumentsResponse['event'][] = [];
    const ends = AbortSignal.any([signal, this.#cut.signal]);
    let wake = () => undefined as unknown;
    const watcher = (event: WatchDocumentsResponse['event']) => {
      queue.push(event);
      wake();
    };
    this.#watchers.add(watcher);
    ends.addEventListener('abort', () => wake());
    try {
      for (const document of this.documents.values()) {
        if (collections.includes(document.collection))
          yield { event: { case: 'document', value: document } as const };
      }
      yield { event: { case: 'synced', value: {} } as const };
      for (;;) {
        ends.throwIfAborted();
        const event = queue.shift();
        if (event === undefined) {
          await new Promise<unknown>((resolve) => {
            wake = () => resolve(undefined);
          });
        } else if (event.case !== 'synced' && collections.includes(event.value?.collection ?? '')) {
          yield { event } as { event: Event };
        }
      }
    } finally {
      this.#watchers.delete(watcher);
    }
  }

  #tell(event: WatchDocumentsResponse['event']): void {
    for (const watcher of this.#watchers) watcher(event);
  }

  #present(key: string): Document {
    const document = this.documents.get(key);
    if (document === undefined) throw notFound(`There is no ${key}.`);
    return document;
  }

  #check(key: string, expected: bigint | undefined): void {
    const current = this.documents.get(key)?.revision ?? 0n;
    if (expected === undefined || expected === current) return;
    throw aborted(`${key} is at revision ${current}.`, { reason: 'ETAG_MISMATCH' });
  }
}

/** An empty document, for tests that put broken ones into the map. */
export function emptyDocument(collection: string, id: string): Document {
  return create(DocumentSchema, { collection, id, revision: 1n, content: { versions: 'not a list' } });
}
