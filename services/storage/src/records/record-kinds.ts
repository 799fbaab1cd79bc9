import { UsageEventSchema } from '@atelier/protos/atelier/common/v1/money_pb.ts';
import { AuditEventSchema } from '@atelier/protos/atelier/gateway/v1/audit_pb.ts';
import { GenerationSchema, ReviewSchema } from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import { ImageSchema } from '@atelier/protos/atelier/storage/v1/image_pb.ts';
import type { MessageShape } from '@bufbuild/protobuf';

/** What is kept as truth, and the message of each. */
export const RECORD_SCHEMAS = {
  images: ImageSchema,
  generations: GenerationSchema,
  usage: UsageEventSchema,
  reviews: ReviewSchema,
  audit: AuditEventSchema,
} as const;

/** A kind of record. */
export type RecordKind = keyof typeof RECORD_SCHEMAS;

/** Kinds of which one thing has several revisions, the highest of which counts. */
export type RevisedKind = 'images' | 'generations';

/** The message of a kind. */
export type RecordMessage<K extends RecordKind> = MessageShape<(typeof RECORD_SCHEMAS)[K]>;

/** Records of one kind and one team that are kept in one object. */
export type Segment = { [K in RecordKind]: SegmentOf<K> }[RecordKind];

/** A segment of a certain kind. */
export interface SegmentOf<K extends RecordKind> {
  readonly kind: K;
  /** `teams/{id}`, or empty for the platform's own. */
  readonly team: string;
  /** Counts the writes of a revised record, from 1; 0 for kinds that have no revisions. */
  readonly revision: number;
  readonly writeTime: Date;
  readonly records: readonly RecordMessage<K>[];
}
