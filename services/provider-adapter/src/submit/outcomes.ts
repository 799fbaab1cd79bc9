import { CostBasis, type Usage } from '@atelier/protos/atelier/common/v1/money_pb.ts';
import {
  type CandidateResult,
  CandidateResultSchema,
  CandidateState,
  FailureClass,
} from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { unitsAtMost } from '../pricing/estimate.ts';
import { reportedUsage, usageOf } from '../pricing/price.ts';
import { type ProviderFailure, ProviderRefusal } from '../providers/provider.ts';
import type { Share } from './share.ts';
import type { Work } from './work.ts';

type ResultInit = MessageInitShape<typeof CandidateResultSchema>;

/** A result with what all results have. */
export function resultOf(work: Work, now: Date, init: ResultInit): CandidateResult {
  return create(CandidateResultSchema, {
    ...(work.seed !== undefined && { seed: BigInt(work.seed) }),
    ...init,
    key: work.key,
    submitTime: timestampFromDate(work.submitTime),
    endTime: timestampFromDate(now),
  });
}

/** A cancellation. Where the provider was at work already, the upper bound is reported as used. */
export function cancelledResult(work: Work, now: Date, mayBeBilled = false): CandidateResult {
  const usage = mayBeBilled ? estimatedUsage(work) : [];
  return resultOf(work, now, { state: CandidateState.CANCELLED, usage });
}

/** A refusal. What the provider reports to have charged for it nevertheless is used. */
export function refusedResult(
  work: Work,
  now: Date,
  refusal: ProviderRefusal['refusal'],
  jobId = '',
  share?: Share,
): CandidateResult {
  const usage = reportedFor(work, share);
  return resultOf(work, now, { state: CandidateState.REFUSED, refusal, providerJobId: jobId, usage });
}

/**
 * Failures after which the provider may have worked, or surely did: the connection was lost, the time ran out, what came
 * was no picture, or this process erred in the middle. A failure of any other class is the provider's own word that it
 * made nothing.
 */
const MAY_BE_BILLED: ReadonlySet<FailureClass> = new Set([
  FailureClass.UNKNOWN_OUTCOME,
  FailureClass.TIMEOUT,
  FailureClass.BAD_ANSWER,
  FailureClass.INTERNAL,
]);

/**
 * A failure. What the provider reports to have charged is used; where it reports nothing, and may have made the image, the
 * upper bound is.
 */
export function failedResult(
  work: Work,
  now: Date,
  failure: Pick<ProviderFailure, 'failureClass' | 'message' | 'retryAfterMs'>,
  jobId = '',
  share?: Share,
): CandidateResult {
  const { failureClass, message, retryAfterMs } = failure;
  const reported = reportedFor(work, share);
  const mayBeBilled = reported.length === 0 && MAY_BE_BILLED.has(failureClass);
  return resultOf(work, now, {
    state: CandidateState.FAILED,
    failure: {
      class: failureClass,
      message,
      ...(retryAfterMs !== undefined && { retryAfterMs: BigInt(Math.ceil(retryAfterMs)) }),
    },
    providerJobId: jobId,
    usage: mayBeBilled ? estimatedUsage(work) : reported,
  });
}

/** What a provider reports to have charged although there is no image; nothing where it reports nothing. */
function reportedFor({ model, conditions }: Work, { units, microUsd }: Partial<Share> = {}): Usage[] {
  if (microUsd !== undefined) return microUsd > 0 ? [reportedUsage(model, microUsd, 0)] : [];
  if (units === undefined) return [];
  const counted = usageOf(
    model,
    { ...units, image: 0, request: 0, megapixel: 0 },
    conditions,
    CostBasis.ACTUAL,
  );
  return counted.filter(({ cost }) => cost?.microUsd !== undefined && cost.microUsd > 0n);
}

function estimatedUsage(work: Work): Usage[] {
  const { model, conditions, sentSize: size, keys, index } = work;
  const units = unitsAtMost(model, { size, conditions, index, images: keys.length });
  return usageOf(model, units, conditions, CostBasis.ESTIMATED);
}

/** The result for an error of a whole native request; undefined for an error that no provider speaks of. */
export function resultOfError(work: Work, now: Date, error: unknown): CandidateResult | undefined {
  if (error instanceof ProviderRefusal) return refusedResult(work, now, error.refusal);
  const { name } = (error ?? {}) as { name?: unknown };
  return name === 'ProviderFailure' ? failedResult(work, now, error as ProviderFailure) : undefined;
}
