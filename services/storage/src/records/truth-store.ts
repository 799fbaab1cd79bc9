import { LRUCache } from 'lru-cache';
import { v7 as uuidv7 } from 'uuid';
import type { BlobStore } from '../blobs/blob-store.ts';
import { PENDING_PREFIX, RECORDS_PREFIX, revisionKey, revisionsPrefix, teamOfSegment } from './keys.ts';
import type { RecordMessage, RevisedKind, Segment, SegmentOf } from './record-kinds.ts';
import { decodeSegment, encodeSegment } from './segment.ts';

/** A segment that the warehouse has yet to take in. */
export interface PendingSegment {
  /** Key of the marker that is to be removed afterwards. */
  readonly marker: string;
  /** Key of the segment. */
  readonly key: string;
}

/** The latest revision of something. */
export interface Revised<K extends RevisedKind> {
  readonly revision: number;
  readonly record: RecordMessage<K>;
}

/** Bytes of records that are kept in memory. Least recently used ones go first. */
const CACHE_BYTES = 64 * 1024 * 1024;

/** Ids whose team is remembered, for those who may ask without naming one. */
const CACHED_TEAMS = 50_000;

/**
 * The truth about what happened: immutable segments in the object store. Before a segment, a marker with its key is
 * written, which stays until the warehouse has the segment: whatever dies when, the loader finds what it misses.
 */
export class TruthStore {
  readonly #blobs: BlobStore;
  readonly #onWritten: (pending: PendingSegment) => void;
  /** Latest revisions by prefix. This process is the only writer of them, so that they are never stale. */
  readonly #latest = new LRUCache<string, { revision: number; record: unknown }>({ maxSize: CACHE_BYTES });
  readonly #teams = new LRUCache<string, string>({ max: CACHED_TEAMS });

  constructor(blobs: BlobStore, onWritten: (pending: PendingSegment) => void) {
    this.#blobs = blobs;
    this.#onWritten = onWritten;
  }

  /** Writes a segment under a key. Durable when this returns. Tells whether the key was free. */
  async write(key: string, segment: Segment): Promise<boolean> {
    const marker = `${PENDING_PREFIX}${uuidv7({ msecs: segment.writeTime.getTime() })}`;
    await this.#blobs.putIfAbsent(marker, Buffer.from(key));
    const isNew = await this.#blobs.putIfAbsent(key, encodeSegment(segment));
    this.#onWritten({ marker, key });
    return isNew;
  }

  /** Writes one revision of something and remembers it. Tells whether that revision was new. */
  async writeRevision<K extends RevisedKind>(id: string, segment: SegmentOf<K>): Promise<boolean> {
    const { kind, team, revision, records } = segment;
    const isNew = await this.write(revisionKey(kind, team, id, revision), segment as unknown as Segment);
    const [record] = records;
    if (isNew) this.#remember(revisionsPrefix(kind, team, id), { revision, record });
    return isNew;
  }

  /** The latest revision of something of a team; undefined where the team has no such thing. */
  async latest<K extends RevisedKind>(kind: K, team: string, id: string): Promise<Revised<K> | undefined> {
    const prefix = revisionsPrefix(kind, team, id);
    const cached = this.#latest.get(prefix);
    if (cached !== undefined) return cached as Revised<K>;
    const last = (await this.#blobs.listSegments(prefix)).at(-1);
    const segment = last === undefined ? undefined : await this.read(`${prefix}${last}`);
    const [record] = segment?.records ?? [];
    if (segment === undefined || record === undefined) return undefined;
    const found = { revision: segment.revision, record };
    this.#remember(prefix, found);
    return found as unknown as Revised<K>;
  }

  /** The latest revision of something, whichever team has it. */
  async find<K extends RevisedKind>(kind: K, id: string): Promise<Revised<K> | undefined> {
    const known = this.#teams.get(`${kind}/${id}`);
    if (known !== undefined) return this.latest(kind, known, id);
    for (const segment of await this.#blobs.listSegments(RECORDS_PREFIX)) {
      const team = teamOfSegment(segment);
      const found = await this.latest(kind, team, id);
      if (found === undefined) continue;
      this.#teams.set(`${kind}/${id}`, team);
      return found;
    }
    return undefined;
  }

  /** Reads a segment; undefined where there is none. */
  async read(key: string): Promise<Segment | undefined> {
    const bytes = await this.#blobs.get(key);
    return bytes === undefined ? undefined : decodeSegment(bytes);
  }

  /** The key that a marker names; undefined where the marker is gone. */
  async readMarker(marker: string): Promise<string | undefined> {
    return (await this.#blobs.get(marker))?.toString();
  }

  /** All markers, oldest first. */
  async markers(): Promise<readonly string[]> {
    const names = await this.#blobs.listSegments(PENDING_PREFIX);
    return names.map((name) => `${PENDING_PREFIX}${name}`);
  }

  /** Forgets markers of what the warehouse has. */
  async clearMarkers(markers: readonly string[]): Promise<void> {
    await this.#blobs.delete(markers);
  }

  /** The keys of all segments. */
  async *keys(): AsyncGenerator<string> {
    for await (const { key } of this.#blobs.list(RECORDS_PREFIX)) yield key;
  }

  /** A reader that comes late with an earlier revision does not put it over a later one. */
  #remember(prefix: string, found: { revision: number; record: unknown }): void {
    if ((this.#latest.get(prefix)?.revision ?? 0) >= found.revision) return;
    this.#latest.set(prefix, found, { size: sizeOf(found.record) });
  }
}

/** About what a record takes in memory: its text, and as much again for its objects. */
function sizeOf(record: unknown): number {
  const text = JSON.stringify(record, (_, value) => (typeof value === 'bigint' ? Number(value) : value));
  return 2 * text.length + 1;
}
