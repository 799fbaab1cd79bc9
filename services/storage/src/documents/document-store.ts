import { isDeepStrictEqual } from 'node:util';
import type { JsonObject } from '@bufbuild/protobuf';
import { LRUCache } from 'lru-cache';
import pLimit from 'p-limit';
import type { BlobStore } from '../blobs/blob-store.ts';
import { KeyedLock } from '../shared/keyed-lock.ts';
import { Collection, type DocumentEntry } from './collection.ts';
import {
  decodeDocument,
  documentIdOf,
  documentKey,
  encodeDocument,
  type StoredDocument,
} from './stored-document.ts';
import { Watchers } from './watchers.ts';

/** What is to be written. */
export interface DocumentWrite {
  readonly collection: string;
  readonly id: string;
  readonly team: string;
  readonly schema: string;
  readonly content: JsonObject;
}

/** The document is not at the revision that the writer read. */
export class RevisionMismatch extends Error {
  override readonly name = 'RevisionMismatch';
  /** The revision that is there; 0 where there is no document. */
  readonly actual: number;

  constructor(actual: number) {
    super('the document is at another revision');
    this.actual = actual;
  }
}

/** Bytes of content that are kept in memory. Least recently used ones go first. */
const CACHE_BYTES = 64 * 1024 * 1024;

/** Files that are read side by side when a collection is first used. */
const LOAD_CONCURRENCY = 16;

/**
 * Versioned documents over the object store: one object per revision, put only if it is not there, which is the
 * compare-and-set. The latest revisions are indexed in memory, collection by collection at first use, so that no call
 * scans the store.
 */
export class DocumentStore {
  readonly watchers = new Watchers();
  readonly #blobs: BlobStore;
  readonly #now: () => Date;
  readonly #collections = new Map<string, Promise<Collection>>();
  readonly #locks = new KeyedLock();
  readonly #cache = new LRUCache<string, StoredDocument>({ maxSize: CACHE_BYTES });

  constructor(blobs: BlobStore, now: () => Date) {
    this.#blobs = blobs;
    this.#now = now;
  }

  /** The index of a collection; one that nobody wrote to is empty. */
  collection(name: string): Promise<Collection> {
    let loading = this.#collections.get(name);
    if (loading === undefined) {
      loading = this.#load(name);
      this.#collections.set(name, loading);
      loading.catch(() => this.#collections.delete(name));
    }
    return loading;
  }

  /** The document as it is now; undefined where there is none. */
  async get(name: string, id: string): Promise<StoredDocument | undefined> {
    const collection = await this.collection(name);
    for (;;) {
      const entry = collection.entry(id);
      if (entry === undefined || entry.deleted) return undefined;
      const found = await this.#read(name, entry);
      // A revision that is superseded while it is being looked for is gone; the index already names the next.
      if (found !== undefined) return found;
      if (collection.entry(id) === entry) throw new Error(`document ${name}/${id} is indexed but not there`);
    }
  }

  /**
   * Writes a document. With an expected revision (0 for none), throws `RevisionMismatch` where another one is there,
   * unless what is there is this very write, done by an earlier attempt.
   */
  async put(write: DocumentWrite, expected: number | undefined): Promise<StoredDocument> {
    const collection = await this.collection(write.collection);
    return this.#locks.run(lockOf(write), async () => {
      const entry = collection.entry(write.id);
      const actual = entry === undefined || entry.deleted ? 0 : entry.revision;
      if (expected !== undefined && expected !== actual) {
        const repeated = await this.#earlierAttempt(write, entry, expected);
        if (repeated !== undefined) return repeated;
        throw new RevisionMismatch(actual);
      }
      return this.#append(collection, entry, { ...write, deleted: false });
    });
  }

  /**
   * Deletes a document and leaves a tombstone. Gives undefined where there is none; throws `RevisionMismatch` where it
   * is at another revision than the expected one.
   */
  async delete(name: string, id: string, expected: number | undefined): Promise<StoredDocument | undefined> {
    const collection = await this.collection(name);
    return this.#locks.run(lockOf({ collection: name, id }), async () => {
      const entry = collection.entry(id);
      if (entry === undefined) return undefined;
      // A tombstone right behind the expected revision is what an earlier attempt of this call left.
      if (entry.deleted) return entry.revision - 1 === expected ? this.#read(name, entry) : undefined;
      if (expected !== undefined && expected !== entry.revision) throw new RevisionMismatch(entry.revision);
      const tombstone = { collection: name, id, team: entry.team, schema: '', content: {}, deleted: true };
      return this.#append(collection, entry, tombstone);
    });
  }

  async #earlierAttempt(
    write: DocumentWrite,
    entry: DocumentEntry | undefined,
    expected: number,
  ): Promise<StoredDocument | undefined> {
    const isNext =
      entry !== undefined && !entry.deleted && (entry.revision === expected + 1 || expected === 0);
    if (!isNext) return undefined;
    const there = await this.#read(write.collection, entry);
    const same =
      there?.team === write.team &&
      there.schema === write.schema &&
      isDeepStrictEqual(there.content, write.content);
    return same ? there : undefined;
  }

  async #append(
    collection: Collection,
    before: DocumentEntry | undefined,
    next: Omit<StoredDocument, 'revision' | 'updateTime'>,
  ): Promise<StoredDocument> {
    const document = { ...next, revision: (before?.revision ?? 0) + 1, updateTime: this.#now() };
    const key = documentKey(document.collection, document.id, document.revision);
    const bytes = encodeDocument(document);
    if (!(await this.#blobs.putIfAbsent(key, bytes))) {
      // Another process was faster.
      collection.set(await this.#readKey(key));
      throw new RevisionMismatch(document.revision);
    }
    this.#cache.set(key, document, { size: bytes.length });
    collection.set(document);
    this.watchers.publish(document);
    if (before !== undefined) {
      const old = documentKey(document.collection, document.id, before.revision);
      this.#cache.delete(old);
      await this.#blobs.delete([old]);
    }
    return document;
  }

  async #read(collection: string, { id, revision }: DocumentEntry): Promise<StoredDocument | undefined> {
    const key = documentKey(collection, id, revision);
    const cached = this.#cache.get(key);
    if (cached !== undefined) return cached;
    const bytes = await this.#blobs.get(key);
    if (bytes === undefined) return undefined;
    const document = decodeDocument(bytes);
    this.#cache.set(key, document, { size: bytes.length });
    return document;
  }

  async #readKey(key: string): Promise<StoredDocument> {
    const bytes = await this.#blobs.get(key);
    if (bytes === undefined) throw new Error(`${key} is taken but not there`);
    return decodeDocument(bytes);
  }

  async #load(name: string): Promise<Collection> {
    const latest = new Map<string, string>();
    for await (const { key } of this.#blobs.list(`documents/${name}/`)) {
      const id = documentIdOf(key);
      if (id === undefined) continue;
      // Keys come in order, so a later one of the same document is a later revision. The one before was left by a crash.
      const superseded = latest.get(id);
      if (superseded !== undefined) await this.#blobs.delete([superseded]);
      latest.set(id, key);
    }
    const collection = new Collection(name);
    const limit = pLimit(LOAD_CONCURRENCY);
    const reads = [...latest.values()].map((key) => limit(() => this.#readKey(key)));
    for (const document of await Promise.all(reads)) collection.set(document);
    return collection;
  }
}

function lockOf({ collection, id }: { readonly collection: string; readonly id: string }): string {
  return `${collection}/${id}`;
}
