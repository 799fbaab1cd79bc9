import { LRUCache } from 'lru-cache';

/** How many creations are remembered. A repeat of a call comes within seconds. */
const REMEMBERED = 10_000;

/**
 * Remembers which call created which resource, by the id of the request. A client that repeats a call whose answer was
 * lost sends the same id, and is given what it made, where anybody else who asks for the same name is refused.
 */
export class RecentCreations {
  readonly #names = new LRUCache<string, string>({ max: REMEMBERED });

  /** Notes that the call made the resource. */
  note(team: string, requestId: string, name: string): void {
    this.#names.set(`${team}|${requestId}`, name);
  }

  /** Whether it was this very call that made the resource. */
  isRepeat(team: string, requestId: string, name: string): boolean {
    return this.#names.get(`${team}|${requestId}`) === name;
  }
}
