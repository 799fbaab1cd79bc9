import { type Collection, etagOf, type StoredDocument } from '@atelier/documents';
import { alreadyExists, type CallOptions, Code, isRpcError } from '@atelier/rpc';
import { checkEtag } from './etag.ts';
import { missing } from './not-found.ts';

/** What every mutable resource has. */
export interface Resource {
  name: string;
  revision: bigint;
  etag: string;
}

/**
 * Resources of one kind in a collection of documents: the document's revision is the resource's, and its etag follows
 * from it. The name is the kind, a slash, and the id of the document.
 */
export class ResourceStore<T extends Resource> {
  readonly kind: string;
  readonly collection: Collection<T>;

  constructor(kind: string, collection: Collection<T>) {
    this.kind = kind;
    this.collection = collection;
  }

  /** The id in a name of this kind; names are checked by the contract before. */
  idOf(name: string): string {
    return name.slice(this.kind.length + 1);
  }

  /** The resource with revision and etag of its document. */
  stamp({ id, value, revision }: StoredDocument<T>): T {
    const name = `${this.kind}/${id}`;
    return { ...value, name, revision, etag: etagOf(name, revision) };
  }

  /** Reads a resource; undefined where there is none. */
  async get(name: string, call?: CallOptions): Promise<T | undefined> {
    const found = await this.collection.get(this.idOf(name), call);
    return found === undefined ? undefined : this.stamp(found);
  }

  /** Writes a resource that must not exist yet; ALREADY_EXISTS where it does. */
  async create(value: T, team: string, call?: CallOptions): Promise<T> {
    const id = this.idOf(value.name);
    try {
      return this.stamp(
        await this.collection.put(id, team, this.#bare(value), { expectedRevision: 0n }, call),
      );
    } catch (error) {
      if (!isRpcError(error, Code.ABORTED)) throw error;
      throw alreadyExists(`${value.name} exists.`, { metadata: { resource: value.name } });
    }
  }

  /**
   * Changes a resource if the etag is empty or the current one. `change` gives undefined where there is nothing to
   * change, which is no error whatever the etag: a repeat of a change whose answer was lost arrives so.
   */
  async change(
    name: string,
    etag: string,
    change: (current: T) => T | undefined | Promise<T | undefined>,
    call?: CallOptions,
  ): Promise<T> {
    for (;;) {
      const stored = await this.collection.get(this.idOf(name), call);
      if (stored === undefined) throw missing(name);
      const current = this.stamp(stored);
      const changed = await change(current);
      if (changed === undefined) return current;
      checkEtag(etag, name, stored.revision);
      try {
        const { team, revision: expectedRevision } = stored;
        const value = this.#bare(changed);
        return this.stamp(await this.collection.put(stored.id, team, value, { expectedRevision }, call));
      } catch (error) {
        // Somebody came in between. With an etag that is the caller's to know; without one it begins again.
        if (!isRpcError(error, Code.ABORTED) || etag !== '') throw error;
      }
    }
  }

  /** Deletes a resource if the etag is empty or the current one, and `check` does not throw. */
  async delete(name: string, etag: string, check: (current: T) => void, call?: CallOptions): Promise<void> {
    const stored = await this.collection.get(this.idOf(name), call);
    if (stored === undefined) throw missing(name);
    check(this.stamp(stored));
    checkEtag(etag, name, stored.revision);
    await this.collection.delete(stored.id, { expectedRevision: stored.revision }, call);
  }

  /** What is kept: revision and etag follow from the document, so they are left out. */
  #bare(value: T): T {
    return { ...value, revision: 0n, etag: '' };
  }
}
