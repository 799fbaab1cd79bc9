import { Code, isRpcError } from '@atelier/rpc';
import { clone, create, type Message } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { callerOf, isVisible, missing, requireEtag, requireOwner } from './access.ts';
import { Collection } from './collection.ts';
import { etagOf, type HeaderRecord, headerCodec, presentHeader } from './header-record.ts';
import type { HeaderOptions, LibraryCall, LibraryHeader } from './library-types.ts';
import type { StoredDocument } from './stored-document.ts';

/** The document of a header. */
export type HeaderDocument<H extends Message> = StoredDocument<HeaderRecord<H>>;

/** The headers of a library: who may read and change them, and how they change. */
export class HeaderStore<H extends LibraryHeader> {
  readonly collection: Collection<HeaderRecord<H>>;
  readonly #options: HeaderOptions<H>;

  constructor(options: HeaderOptions<H>) {
    const { client, prefix, header } = options;
    this.#options = options;
    this.collection = new Collection({ client, collection: prefix, codec: headerCodec(header) });
  }

  /** The header as callers see it. */
  present(document: HeaderDocument<H>): H {
    return presentHeader(this.#options.header, document);
  }

  nameOf(id: string): string {
    return `${this.#options.prefix}/${id}`;
  }

  now(): Date {
    return this.#options.now?.() ?? new Date();
  }

  /** A header with these fields. */
  message(fields: Partial<LibraryHeader> | Partial<H>): H {
    return Object.assign(create(this.#options.header) as H, fields);
  }

  /** Reads what the caller's team may see; NOT_FOUND else. */
  async visible(id: string, call: LibraryCall): Promise<HeaderDocument<H>> {
    const { team } = callerOf(call);
    const document = await this.collection.get(id, call);
    if (document === undefined || !isVisible(document.value.resource, team)) throw missing(this.nameOf(id));
    return document;
  }

  /** Reads what the caller's team may change. */
  async owned(id: string, call: LibraryCall): Promise<HeaderDocument<H>> {
    const document = await this.visible(id, call);
    requireOwner(document.value.resource, callerOf(call).team);
    return document;
  }

  /**
   * Applies changes to what the caller's team owns, by compare-and-set. `change` gives the changed fields, or undefined
   * where nothing is to change, and then the etag does not count either.
   */
  async change(
    id: string,
    etag: string,
    call: LibraryCall,
    change: (record: HeaderRecord<H>) => Partial<LibraryHeader> | undefined,
  ): Promise<HeaderDocument<H>> {
    return this.rewrite(id, call, (current) => {
      const changes = change(current.value);
      if (changes === undefined) return undefined;
      this.requireEtag(current, etag);
      return this.changed(current.value, changes);
    });
  }

  /** The same for the whole record, without the etag. */
  async rewrite(
    id: string,
    call: LibraryCall,
    change: (current: HeaderDocument<H>) => HeaderRecord<H> | undefined,
  ): Promise<HeaderDocument<H>> {
    const { team } = callerOf(call);
    let isRead = false;
    try {
      return await this.collection.update(
        id,
        (current) => {
          isRead = true;
          requireOwner(current.value.resource, team);
          return change(current);
        },
        call,
      );
    } catch (error) {
      // Storage speaks of a document; the caller asked for a resource.
      throw !isRead && isRpcError(error, Code.NOT_FOUND) ? missing(this.nameOf(id)) : error;
    }
  }

  /** ABORTED where the etag is not empty and not that of the document. */
  requireEtag({ id, revision }: HeaderDocument<H>, etag: string): void {
    requireEtag(this.nameOf(id), etag, etagOf(id, revision));
  }

  /** The record with some fields of its resource changed, as of now. */
  changed(record: HeaderRecord<H>, changes: Partial<LibraryHeader>): HeaderRecord<H> {
    const resource = clone(this.#options.header, record.resource) as H;
    Object.assign(resource, changes, { updateTime: timestampFromDate(this.now()) });
    return { ...record, resource };
  }
}
