import type { StoredDocument } from './stored-document.ts';

/** Changes that a watcher may be behind before it is cut off. */
const MAX_BEHIND = 1_024;

/** The watcher did not read for too long, and has to begin anew. */
export class WatcherTooSlow extends Error {
  override readonly name = 'WatcherTooSlow';
}

/** One watcher's changes, in the order in which they happened. */
export class Watcher implements Disposable {
  readonly #collections: ReadonlySet<string>;
  readonly #forget: () => void;
  #queue: StoredDocument[] = [];
  #wake: (() => void) | undefined;
  #tooSlow = false;

  constructor(collections: ReadonlySet<string>, forget: () => void) {
    this.#collections = collections;
    this.#forget = forget;
  }

  /** Takes a change in; never waits for the reader. */
  offer(document: StoredDocument): void {
    if (!this.#collections.has(document.collection)) return;
    if (this.#queue.length >= MAX_BEHIND) this.#tooSlow = true;
    else this.#queue.push(document);
    this.#wake?.();
  }

  /**
   * The next changes, waiting for one where there is none. Empty once the signal is aborted. Throws `WatcherTooSlow`
   * when changes had to be dropped.
   */
  async next(signal: AbortSignal): Promise<readonly StoredDocument[]> {
    if (this.#queue.length === 0 && !this.#tooSlow && !signal.aborted) await this.#woken(signal);
    if (this.#tooSlow) throw new WatcherTooSlow('the watcher is too far behind');
    return this.#queue.splice(0);
  }

  [Symbol.dispose](): void {
    this.#forget();
  }

  async #woken(signal: AbortSignal): Promise<void> {
    const { promise, resolve: wake } = Promise.withResolvers<void>();
    const onAbort = () => wake();
    this.#wake = wake;
    signal.addEventListener('abort', onAbort);
    await promise;
    signal.removeEventListener('abort', onAbort);
    this.#wake = undefined;
  }
}

/** All who watch. */
export class Watchers {
  readonly #watchers = new Set<Watcher>();

  /** Begins to collect changes of these collections at once, until the watcher is disposed of. */
  add(collections: readonly string[]): Watcher {
    const watcher: Watcher = new Watcher(new Set(collections), () => this.#watchers.delete(watcher));
    this.#watchers.add(watcher);
    return watcher;
  }

  /** Tells everyone of a change. */
  publish(document: StoredDocument): void {
    for (const watcher of this.#watchers) watcher.offer(document);
  }
}
