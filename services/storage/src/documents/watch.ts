import type { DocumentEntry } from './collection.ts';
import type { DocumentStore } from './document-store.ts';
import type { StoredDocument } from './stored-document.ts';

/** What a watcher is told. */
export type WatchEvent =
  | { readonly kind: 'document'; readonly document: StoredDocument }
  | { readonly kind: 'deleted'; readonly document: StoredDocument }
  | { readonly kind: 'synced' };

/**
 * Everything that is there, then `synced`, then each change, until the signal is aborted. Revisions of one document never
 * go backwards. Throws `WatcherTooSlow` for a reader that stays behind.
 */
export async function* watchDocuments(
  store: DocumentStore,
  collections: readonly string[],
  signal: AbortSignal,
): AsyncGenerator<WatchEvent> {
  const loaded = await Promise.all(collections.map((name) => store.collection(name)));
  using watcher = store.watchers.add(collections);
  // Taken in the same turn in which the watcher was added, so that no change falls between the two.
  const snapshot = loaded.map((collection) => ({ name: collection.name, entries: collection.live() }));
  const sent = new Map<string, number>();
  for (const { name, entries } of snapshot) yield* present(store, name, entries, sent);
  yield { kind: 'synced' };
  while (!signal.aborted) {
    for (const document of await watcher.next(signal)) {
      const key = `${document.collection}/${document.id}`;
      if ((sent.get(key) ?? 0) >= document.revision) continue;
      sent.delete(key);
      yield { kind: document.deleted ? 'deleted' : 'document', document };
    }
  }
}

async function* present(
  store: DocumentStore,
  name: string,
  entries: readonly DocumentEntry[],
  sent: Map<string, number>,
): AsyncGenerator<WatchEvent> {
  for (const { id } of entries) {
    const document = await store.get(name, id);
    // Deleted since: the change tells of it.
    if (document === undefined) continue;
    sent.set(`${name}/${id}`, document.revision);
    yield { kind: 'document', document };
  }
}
