import { AuditEventSchema } from '@atelier/protos/atelier/gateway/v1/audit_pb.ts';
import {
  type Generation,
  GenerationSchema,
  GenerationState,
  Outcome,
  type Review,
  ReviewDecision,
  ReviewSchema,
} from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import { ImageSchema } from '@atelier/protos/atelier/storage/v1/image_pb.ts';
import { fromJsonString } from '@bufbuild/protobuf';
import type { Reach } from '../../reach.ts';
import type { Segment } from '../../records/record-kinds.ts';
import { nameOf, rowsOf } from '../rows.ts';
import { TABLES } from '../tables.ts';
import type {
  AuditFilter,
  GenerationFilter,
  ImageFilter,
  PageRequest,
  ReviewFilter,
  UsageFilter,
  Warehouse,
} from '../warehouse.ts';
import { Conditions } from './conditions.ts';
import { Database } from './database.ts';
import { findImage } from './find-image.ts';
import { readPage } from './list.ts';
import { merge } from './merge.ts';
import { queryUsage } from './query-usage.ts';
import type { Line, Session } from './session.ts';

/** The index in a DuckDB file. */
export class DuckDbWarehouse implements Warehouse {
  readonly #database: Database;

  constructor(path: string) {
    this.#database = new Database(path);
  }

  isBuilt(): Promise<boolean> {
    return this.#database.use(async (session) => {
      const [line] = await session.read('SELECT count(*) AS built FROM warehouse_state');
      return line?.built !== 0n;
    });
  }

  load(segments: readonly Segment[]): Promise<void> {
    return this.#database.transact((session) => mergeAll(session, segments));
  }

  rebuild(fill: (load: (segments: readonly Segment[]) => Promise<void>) => Promise<void>): Promise<void> {
    return this.#database.transact(async (session) => {
      for (const { name } of Object.values(TABLES)) await session.run(`DELETE FROM ${name}`);
      await session.run('DELETE FROM warehouse_state');
      await fill((segments) => mergeAll(session, segments));
      await session.run('INSERT INTO warehouse_state VALUES (current_timestamp::TIMESTAMP)');
    });
  }

  listImages(filter: ImageFilter, page: PageRequest) {
    const where = new Conditions()
      .add('delete_time IS NULL')
      .reach(filter.reach)
      .equal('project', filter.project)
      .equal('subject_id', filter.subjectId)
      .equal('generation', filter.generation)
      .equal('model', filter.model)
      .labels(filter.labels)
      .period('create_time', filter);
    const listing = { from: 'images', timeColumn: 'create_time' };
    return this.#database.use((session) => readPage(session, ImageSchema, listing, where, page));
  }

  findImage(reach: Reach, sha256: string, perceptualHash: bigint | undefined, maxBits: number) {
    return this.#database.use((session) => findImage(session, reach, sha256, perceptualHash, maxBits));
  }

  listGenerations(filter: GenerationFilter, page: PageRequest) {
    const where = new Conditions()
      .reach(filter.reach)
      .equal('project', filter.project)
      .equal('subject_id', filter.subjectId)
      .equal('model', filter.model)
      .labels(filter.labels)
      .period('create_time', filter);
    if (filter.state !== GenerationState.UNSPECIFIED)
      where.equal('state', nameOf(GenerationState, filter.state));
    if (filter.outcomes.length > 0) {
      const outcomes = filter.outcomes.map((outcome) => where.bind(nameOf(Outcome, outcome)));
      where.add(`outcome IN (${outcomes.join(', ')})`);
    }
    if (filter.review !== ReviewDecision.UNSPECIFIED)
      where.equal('decision', nameOf(ReviewDecision, filter.review));
    if (filter.unreviewed) where.add('decision IS NULL');
    const { oldestFirst } = filter;
    const listing = { from: REVIEWED_GENERATIONS, timeColumn: 'create_time', columns: 'review', oldestFirst };
    return this.#database.use((session) =>
      readPage(session, GenerationSchema, listing, where, page, withReview),
    );
  }

  queryUsage(filter: UsageFilter) {
    return this.#database.use((session) => queryUsage(session, filter));
  }

  listReviews(filter: ReviewFilter, page: PageRequest) {
    const where = new Conditions()
      .reach(filter.reach)
      .equal('image', filter.image)
      .equal('generation', filter.generation);
    const listing = { from: 'reviews', timeColumn: 'create_time' };
    return this.#database.use((session) => readPage(session, ReviewSchema, listing, where, page));
  }

  listAudit(filter: AuditFilter, page: PageRequest) {
    const where = new Conditions()
      // Acts belong to a team and not to a project.
      .reach({ team: filter.reach.team, project: undefined })
      .equal('team', filter.team)
      .equal('resource', filter.resource)
      .period('event_time', filter);
    const listing = { from: 'audit', timeColumn: 'event_time' };
    return this.#database.use((session) => readPage(session, AuditEventSchema, listing, where, page));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#database.close();
  }
}

/** Generations with the decision that counts on their first result. */
const REVIEWED_GENERATIONS = `(
  SELECT g.*, r.decision, r.record AS review
  FROM generations g LEFT JOIN latest_reviews r ON r.image = g.first_image AND r.team = g.team
)`;

async function mergeAll(session: Session, segments: readonly Segment[]): Promise<void> {
  const rows = rowsOf(segments);
  for (const name of Object.keys(TABLES) as (keyof typeof TABLES)[]) {
    await merge(session, TABLES[name], rows[name]);
  }
}

function withReview(generation: Generation, { review }: Line): Generation {
  if (typeof review === 'string') {
    generation.review = fromJsonString(ReviewSchema, review, { ignoreUnknownFields: true }) as Review;
  }
  return generation;
}
