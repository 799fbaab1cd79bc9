import { randomBytes } from 'node:crypto';
import { dataLoss } from '@atelier/rpc';
import { create, type JsonValue, type Message, toJson } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { LRUCache } from 'lru-cache';
import { callerOf } from './access.ts';
import { contentDigest } from './canonical.ts';
import { messageCodec } from './codec.ts';
import { Collection } from './collection.ts';
import type { LibraryCall, LibraryVersion, VersionOptions } from './library-types.ts';

const DEFAULT_CACHE_BYTES = 32 * 1024 * 1024;

/** A version, with its size as JSON. */
export interface SizedVersion<V> {
  readonly version: V;
  readonly bytes: number;
}

/** The documents of versions. They never change, so what was read once is kept. */
export class VersionStore<V extends LibraryVersion<C>, C extends Message> {
  readonly #options: VersionOptions<V, C>;
  readonly #collection: Collection<V>;
  readonly #cache: LRUCache<string, SizedVersion<V>>;

  constructor(options: VersionOptions<V, C>) {
    this.#options = options;
    this.#collection = new Collection<V>({
      client: options.client,
      collection: options.versionCollection,
      codec: messageCodec(options.version),
    });
    this.#cache = new LRUCache({
      maxSize: options.cacheBytes ?? DEFAULT_CACHE_BYTES,
      sizeCalculation: ({ bytes }) => Math.max(1, bytes),
    });
  }

  /** SHA-256 of a content, which is the same for equal contents whatever the order of their maps. */
  digest(content: C): string {
    return contentDigest(toJson(this.#options.content, content) as JsonValue);
  }

  /** Writes a version under a new suffix, which the header is then made to list. */
  async write(id: string, content: C, changeNote: string, at: Date, call: LibraryCall): Promise<string> {
    const { team, subject, keyId } = callerOf(call);
    const suffix = randomBytes(8).toString('hex');
    const version = Object.assign(create(this.#options.version) as V, {
      content,
      changeNote,
      creator: subject || keyId,
      createTime: timestampFromDate(at),
      sha256: this.digest(content),
    });
    await this.#collection.create(documentId(id, suffix), team, version, call);
    return suffix;
  }

  /** Reads what the header lists as version `number`. DATA_LOSS where it is gone. */
  async read(id: string, suffix: string, number: number, call: LibraryCall): Promise<SizedVersion<V>> {
    const key = documentId(id, suffix);
    const { version, bytes } = this.#cache.get(key) ?? (await this.#load(key, call));
    const name = `${this.#options.prefix}/${id}/versions/${number}`;
    return { version: { ...version, name, version: number }, bytes };
  }

  /** Removes what no header lists. It does not matter where it fails: nothing refers to it. */
  async discard(id: string, suffix: string, call: LibraryCall): Promise<void> {
    await this.#collection.delete(documentId(id, suffix), {}, call).catch(() => undefined);
  }

  async #load(key: string, call: LibraryCall): Promise<SizedVersion<V>> {
    const document = await this.#collection.get(key, call);
    if (document === undefined) throw dataLoss(`${this.#options.versionCollection}/${key} is gone.`);
    const json = toJson(this.#options.version, document.value) as JsonValue;
    const sized = { version: document.value, bytes: Buffer.byteLength(JSON.stringify(json)) };
    this.#cache.set(key, sized);
    return sized;
  }
}

function documentId(id: string, suffix: string): string {
  return `${id}.${suffix}`;
}
