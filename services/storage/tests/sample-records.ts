import { CostBasis, UsageEventSchema, UsageKind } from '@atelier/protos/atelier/common/v1/money_pb.ts';
import { AuditEventSchema } from '@atelier/protos/atelier/gateway/v1/audit_pb.ts';
import {
  GenerationSchema,
  GenerationState,
  Outcome,
  type ReviewDecision,
  ReviewSchema,
} from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import {
  RecordSchema,
  type Record as StoredRecord,
} from '@atelier/protos/atelier/storage/v1/record_service_pb.ts';
import { create, type DescMessage, type MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { v7 as uuidv7 } from 'uuid';

/** When the sample records begin; each further one is a second later. */
const EPOCH = Date.UTC(2026, 10, 3, 12);

/** A time so many seconds after the first. */
export const at = (seconds: number) => timestampFromDate(new Date(EPOCH + seconds * 1_000));

/** A time-ordered id that is the same in every run. */
export function id(number: number): string {
  const random = new Uint8Array(16);
  new DataView(random.buffer).setUint32(12, number);
  return uuidv7({ msecs: EPOCH + number * 1_000, random, seq: number });
}

/** Fields that replace those of the sample. */
type More<D extends DescMessage> = Partial<Omit<MessageInitShape<D>, '$typeName' | '$unknown'>>;
type GenerationInit = More<typeof GenerationSchema>;

const BRIEF = { input: { case: 'prompt' as const, value: 'a pear' } };

/** A generation with one round, one image and one answer. */
export function generation(number: number, more: GenerationInit = {}): StoredRecord {
  const image = { name: `images/${id(10_000 + number)}` };
  return create(RecordSchema, {
    record: {
      case: 'generation',
      value: create(GenerationSchema, {
        name: `generations/${id(number)}`,
        team: 'teams/red',
        request: {
          brief: BRIEF,
          project: 'projects/p',
          subjectId: `sku-${number}`,
          labels: { even: String(number % 2 === 0) },
        },
        state: GenerationState.ENDED,
        outcome: Outcome.APPROVED,
        model: 'models/studio',
        revision: 3n,
        results: [{ image, approved: true, score: { geometricMean: 0.9 } }],
        rounds: [
          {
            number: 0,
            model: 'models/studio',
            prompt: { text: `prompt ${number}` },
            candidates: [
              {
                image,
                answers: [
                  {
                    questionId: 'q1',
                    text: 'Is it?',
                    pYes: 0.9,
                    judgeAnswers: [{ judge: 'builtin@1', pYes: 0.9 }],
                  },
                ],
              },
            ],
            cost: { microUsd: 40_000n, basis: CostBasis.ACTUAL },
          },
        ],
        cost: { microUsd: 40_000n, basis: CostBasis.ACTUAL },
        createTime: at(number),
        endTime: at(number + 5),
        ...more,
      }),
    },
  });
}

/** A line of the ledger; `microUsd` undefined for an unknown price. */
export function usage(
  number: number,
  microUsd: bigint | undefined,
  more: More<typeof UsageEventSchema> & { model?: string; kind?: UsageKind } = {},
) {
  const { model = 'models/studio', kind = UsageKind.IMAGE, ...rest } = more;
  const basis = microUsd === undefined ? CostBasis.UNKNOWN : CostBasis.ACTUAL;
  const cost = { basis, ...(microUsd !== undefined && { microUsd }) };
  const value = {
    id: id(number),
    team: 'teams/red',
    project: 'projects/p',
    usage: { kind, model, units: 1, unit: 'image', cost },
    eventTime: at(number),
    ...rest,
  };
  return create(RecordSchema, { record: { case: 'usage', value: create(UsageEventSchema, value) } });
}

/** A decision on the image of a sample generation. */
export function review(
  number: number,
  of: number,
  decision: ReviewDecision,
  more: More<typeof ReviewSchema> = {},
) {
  const value = {
    id: id(number),
    team: 'teams/red',
    project: 'projects/p',
    image: `images/${id(10_000 + of)}`,
    generation: `generations/${id(of)}`,
    decision,
    reviewer: 'ada@example.com',
    createTime: at(number),
    ...more,
  };
  return create(RecordSchema, { record: { case: 'review', value: create(ReviewSchema, value) } });
}

/** An administrative act. */
export function audit(number: number, more: More<typeof AuditEventSchema> = {}) {
  const value = {
    id: id(number),
    team: 'teams/red',
    actor: 'keys/1',
    method: 'x.v1.Y/Z',
    resource: 'projects/p',
    code: 'OK',
    eventTime: at(number),
    ...more,
  };
  return create(RecordSchema, { record: { case: 'audit', value: create(AuditEventSchema, value) } });
}
