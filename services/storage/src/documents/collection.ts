import type { StoredDocument } from './stored-document.ts';

/** What is known of a document without reading its content. */
export interface DocumentEntry {
  readonly id: string;
  readonly revision: number;
  readonly team: string;
  readonly deleted: boolean;
}

/** The index of one collection: which document is at which revision. Tombstones stay, as revisions never begin anew. */
export class Collection {
  readonly name: string;
  readonly #entries = new Map<string, DocumentEntry>();
  #sorted: readonly DocumentEntry[] | undefined;

  constructor(name: string) {
    this.name = name;
  }

  /** The latest revision of a document, which may be a tombstone. */
  entry(id: string): DocumentEntry | undefined {
    return this.#entries.get(id);
  }

  /** Takes a revision in, unless a later one is known. */
  set({ id, revision, team, deleted }: StoredDocument): void {
    if ((this.#entries.get(id)?.revision ?? 0) >= revision) return;
    this.#entries.set(id, { id, revision, team, deleted });
    this.#sorted = undefined;
  }

  /** The documents that are there now, by id. The array is never changed afterwards. */
  live(): readonly DocumentEntry[] {
    this.#sorted ??= [...this.#entries.values()]
      .filter((entry) => !entry.deleted)
      .sort((a, b) => (a.id < b.id ? -1 : 1));
    return this.#sorted;
  }
}
