import { CostBasis, type Usage } from '@atelier/protos/atelier/common/v1/money_pb.ts';
import {
  type CandidateResult,
  CandidateResultSchema,
  CandidateState,
  FailureClass,
} from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { megapixels } from '../pricing/estimate.ts';
import { usageOf } from '../pricing/price.ts';
import { type ProviderFailure, ProviderRefusal } from '../providers/provider.ts';
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

export function refusedResult(
  work: Work,
  now: Date,
  refusal: ProviderRefusal['refusal'],
  jobId = '',
): CandidateResult {
  return resultOf(work, now, { state: CandidateState.REFUSED, refusal, providerJobId: jobId });
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

/** A failure. Where the provider may have made the image and charged for it, the upper bound is reported as used. */
export function failedResult(
  work: Work,
  now: Date,
  failure: Pick<ProviderFailure, 'failureClass' | 'message' | 'retryAfterMs'>,
  jobId = '',
): CandidateResult {
  const { failureClass, message, retryAfterMs } = failure;
  return resultOf(work, now, {
    state: CandidateState.FAILED,
    failure: {
      class: failureClass,
      message,
      ...(retryAfterMs !== undefined && { retryAfterMs: BigInt(Math.ceil(retryAfterMs)) }),
    },
    providerJobId: jobId,
    usage: MAY_BE_BILLED.has(failureClass) ? estimatedUsage(work) : [],
  });
}

function estimatedUsage(work: Work): Usage[] {
  const request = work.index === 0 ? 1 : undefined;
  const units = { image: 1, request, megapixel: megapixels(work.model, work.expected.size) };
  return usageOf(work.model, units, work.conditions, CostBasis.ESTIMATED);
}

/** The result for an error of a whole native request; undefined for an error that no provider speaks of. */
export function resultOfError(work: Work, now: Date, error: unknown): CandidateResult | undefined {
  if (error instanceof ProviderRefusal) return refusedResult(work, now, error.refusal);
  const { name } = (error ?? {}) as { name?: unknown };
  return name === 'ProviderFailure' ? failedResult(work, now, error as ProviderFailure) : undefined;
}
