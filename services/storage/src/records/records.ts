import type { UsageEvent } from '@atelier/protos/atelier/common/v1/money_pb.ts';
import type { AuditEvent } from '@atelier/protos/atelier/gateway/v1/audit_pb.ts';
import {
  type Generation,
  GenerationSchema,
  type Review,
} from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import { clone } from '@bufbuild/protobuf';
import { LRUCache } from 'lru-cache';
import pLimit from 'p-limit';
import { v7 as uuidv7 } from 'uuid';
import type { BlobStore } from '../blobs/blob-store.ts';
import { type Reach, reaches } from '../reach.ts';
import { KeyedLock } from '../shared/keyed-lock.ts';
import { idOf, reviewsPrefix, segmentKey } from './keys.ts';
import type { TruthStore } from './truth-store.ts';

/** Records that are appended together, all of one team. */
export interface RecordBatch {
  /** `teams/{id}`, or empty for the platform's own. */
  readonly team: string;
  readonly generations: readonly Generation[];
  readonly usage: readonly UsageEvent[];
  readonly reviews: readonly Review[];
  readonly audit: readonly AuditEvent[];
}

/** A generation of a higher revision is there already. */
export class GenerationSuperseded extends Error {
  override readonly name = 'GenerationSuperseded';
  readonly generation: string;
  readonly revision: number;

  constructor(generation: string, revision: number) {
    super('a later revision of the generation is there');
    this.generation = generation;
    this.revision = revision;
  }
}

/** Objects of one call that are written side by side. */
const WRITERS = 8;

/** Images whose latest review is remembered. */
const CACHED_REVIEWS = 10_000;

/** Appends records and reads generations, from the truth alone. */
export class Records {
  readonly #truth: TruthStore;
  readonly #blobs: BlobStore;
  readonly #now: () => Date;
  readonly #locks = new KeyedLock();
  /** The latest review by image; `none` for an image without one. */
  readonly #reviews = new LRUCache<string, Review | 'none'>({ max: CACHED_REVIEWS });

  constructor(truth: TruthStore, blobs: BlobStore, now: () => Date) {
    this.#truth = truth;
    this.#blobs = blobs;
    this.#now = now;
  }

  /**
   * Writes records; they are durable when this returns. What is there under the same id stays as it is. Throws
   * `GenerationSuperseded` before anything is written.
   */
  async append(batch: RecordBatch): Promise<void> {
    for (const generation of batch.generations) await this.#checkRevision(generation);
    const limit = pLimit(WRITERS);
    await Promise.all([
      ...batch.generations.map((generation) => limit(() => this.#writeGeneration(generation))),
      ...batch.reviews.map((review) => limit(() => this.#writeReview(review))),
      limit(() => this.#writeEvents('usage', batch.team, batch.usage)),
      limit(() => this.#writeEvents('audit', batch.team, batch.audit)),
    ]);
  }

  /** The latest record of a generation within reach, with the latest review of its first result. */
  async generation(name: string, reach: Reach): Promise<Generation | undefined> {
    const id = idOf(name);
    const found =
      reach.team === undefined
        ? await this.#truth.find('generations', id)
        : await this.#truth.latest('generations', reach.team, id);
    if (found === undefined) return undefined;
    const { team, request, results } = found.record;
    if (!reaches(reach, { team, project: request?.project ?? '' })) return undefined;
    const image = results[0]?.image?.name;
    const review = image === undefined ? undefined : await this.#latestReview(team, image);
    if (review === undefined && found.record.review === undefined) return found.record;
    const generation = clone(GenerationSchema, found.record);
    if (review === undefined) delete generation.review;
    else generation.review = review;
    return generation;
  }

  async #checkRevision({ team, name, revision }: Generation): Promise<void> {
    const latest = await this.#truth.latest('generations', team, idOf(name));
    if (latest !== undefined && latest.revision > Number(revision))
      throw new GenerationSuperseded(name, latest.revision);
  }

  #writeGeneration(generation: Generation): Promise<void> {
    const { team, name } = generation;
    return this.#locks.run(name, async () => {
      await this.#checkRevision(generation);
      const revision = Number(generation.revision);
      const segment = {
        kind: 'generations' as const,
        team,
        revision,
        writeTime: this.#now(),
        records: [generation],
      };
      const latest = await this.#truth.latest('generations', team, idOf(name));
      if (latest?.revision !== revision) await this.#truth.writeRevision(idOf(name), segment);
    });
  }

  async #writeReview(review: Review): Promise<void> {
    const { team, image, id } = review;
    const key = `${reviewsPrefix(team, image)}${id}`;
    const writeTime = this.#now();
    // Under one lock with those who read, so that nobody remembers what was the latest before this one.
    await this.#locks.run(image, async () => {
      await this.#truth.write(key, { kind: 'reviews', team, revision: 0, writeTime, records: [review] });
      this.#reviews.delete(image);
    });
  }

  async #writeEvents<K extends 'usage' | 'audit'>(
    kind: K,
    team: string,
    records: readonly (UsageEvent | AuditEvent)[],
  ): Promise<void> {
    if (records.length === 0) return;
    const writeTime = this.#now();
    const key = segmentKey(kind, team, writeTime, uuidv7({ msecs: writeTime.getTime() }));
    await this.#truth.write(key, { kind, team, revision: 0, writeTime, records } as never);
  }

  #latestReview(team: string, image: string): Promise<Review | undefined> {
    const cached = this.#reviews.get(image);
    if (cached === undefined) return this.#locks.run(image, () => this.#readLatestReview(team, image));
    return Promise.resolve(cached === 'none' ? undefined : cached);
  }

  async #readLatestReview(team: string, image: string): Promise<Review | undefined> {
    const prefix = reviewsPrefix(team, image);
    const ids = await this.#blobs.listSegments(prefix);
    const segments = await Promise.all(ids.map((id) => this.#truth.read(`${prefix}${id}`)));
    const reviews = segments.flatMap((segment) => (segment?.kind === 'reviews' ? segment.records : []));
    const latest = reviews.toSorted(byTime).at(-1);
    this.#reviews.set(image, latest ?? 'none');
    return latest;
  }
}

function byTime(a: Review, b: Review): number {
  const [left, right] = [a, b].map(
    ({ createTime }) => [createTime?.seconds ?? 0n, createTime?.nanos ?? 0] as const,
  );
  if (left === undefined || right === undefined) return 0;
  if (left[0] !== right[0]) return left[0] < right[0] ? -1 : 1;
  if (left[1] !== right[1]) return left[1] - right[1];
  return a.id < b.id ? -1 : 1;
}
