import type { AuditEvent } from '@atelier/protos/atelier/gateway/v1/audit_pb.ts';
import type {
  Generation,
  GenerationState,
  Outcome,
  Review,
  ReviewDecision,
} from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import type { UsageDimension, UsageRow } from '@atelier/protos/atelier/gateway/v1/usage_pb.ts';
import type { Image } from '@atelier/protos/atelier/storage/v1/image_pb.ts';
import type { Reach } from '../reach.ts';
import type { Segment } from '../records/record-kinds.ts';

/** The index cannot answer now. The truth is not affected. */
export class WarehouseUnavailable extends Error {
  override readonly name = 'WarehouseUnavailable';
}

/** Times in which something happened: at or after the start, before the end. */
export interface Period {
  readonly start?: Date | undefined;
  readonly end?: Date | undefined;
}

/** Which page: at most so many lines, after the line with this key. */
export interface PageRequest {
  readonly size: number;
  /** Time in microseconds since 1970 and id of the last line of the page before. */
  readonly after: readonly [string, string] | undefined;
}

/** A page. */
export interface Page<T> {
  readonly lines: readonly { readonly value: T; readonly key: readonly [string, string] }[];
  /** Whether there are lines behind the last one. */
  readonly hasMore: boolean;
}

/** Which images. Empty text means any. */
export interface ImageFilter extends Period {
  readonly reach: Reach;
  readonly project: string;
  readonly subjectId: string;
  readonly generation: string;
  readonly model: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** Which generations. Empty text and empty lists mean any. */
export interface GenerationFilter extends Period {
  readonly reach: Reach;
  readonly project: string;
  readonly subjectId: string;
  readonly model: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly outcomes: readonly Outcome[];
  /** 0 for any. */
  readonly state: GenerationState;
  /** The latest decision of a person on the first result; 0 for any. */
  readonly review: ReviewDecision;
  readonly unreviewed: boolean;
  readonly oldestFirst: boolean;
}

/** Which decisions. */
export interface ReviewFilter {
  readonly reach: Reach;
  readonly image: string;
  readonly generation: string;
}

/** Which administrative acts. */
export interface AuditFilter extends Period {
  readonly reach: Reach;
  readonly team: string;
  readonly resource: string;
}

/** What is added up. */
export interface UsageFilter {
  readonly reach: Reach;
  readonly project: string;
  readonly model: string;
  readonly start: Date;
  readonly end: Date;
  readonly groupBy: readonly UsageDimension[];
}

/** What was added up: at most 10,000 lines, largest cost first, and everything together. */
export interface UsageReport {
  readonly rows: readonly UsageRow[];
  readonly total: UsageRow;
}

/** An image that is or looks like a file in question. */
export interface ImageCandidate {
  readonly image: Image;
  /** Whether its bytes are the file's, as they are stored or as they were received. */
  readonly isExact: boolean;
}

/**
 * The index over the truth. It is filled from segments, each as often as one likes: records are merged by id, and of
 * revisions the highest counts. Every method throws `WarehouseUnavailable` where it cannot be reached.
 */
export interface Warehouse extends AsyncDisposable {
  /** Whether it was ever filled whole; a new one has to be rebuilt. */
  isBuilt(): Promise<boolean>;
  /** Takes segments in, all or none. */
  load(segments: readonly Segment[]): Promise<void>;
  /** Empties it and takes in what `fill` loads; readers see the old content until all of it is there. */
  rebuild(fill: (load: (segments: readonly Segment[]) => Promise<void>) => Promise<void>): Promise<void>;
  /** Images that are not deleted, newest first. */
  listImages(filter: ImageFilter, page: PageRequest): Promise<Page<Image>>;
  /** The best match for a file by its digest, else by how it looks; undefined where nothing comes near. */
  findImage(
    reach: Reach,
    sha256: string,
    perceptualHash: bigint | undefined,
    maxBits: number,
  ): Promise<ImageCandidate | undefined>;
  /** Generations without rounds, with the latest review of their first result. */
  listGenerations(filter: GenerationFilter, page: PageRequest): Promise<Page<Generation>>;
  queryUsage(filter: UsageFilter): Promise<UsageReport>;
  listReviews(filter: ReviewFilter, page: PageRequest): Promise<Page<Review>>;
  listAudit(filter: AuditFilter, page: PageRequest): Promise<Page<AuditEvent>>;
}
