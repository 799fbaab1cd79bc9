import {
  type Cost,
  CostBasis,
  CostSchema,
  type Usage,
  UsageKind,
  UsageSchema,
} from '@atelier/protos/atelier/common/v1/money_pb.ts';
import { StopReason } from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import type { CandidateResult } from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import { FailureClass } from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import { create } from '@bufbuild/protobuf';
import type { CyclePlan } from './plan.ts';
import type { CycleState, PromptWanted, RoundState } from './state.ts';

/**
 * The sum of what usages cost. What has no price is not zero: it makes the sum incomplete, and a sum of nothing but
 * unknowns is unknown. No usage at all is a known zero.
 */
export function totalCost(usages: readonly Usage[]): Cost {
  const costs = usages.map((usage) => usage.cost);
  const known = costs.filter((cost) => cost?.microUsd !== undefined);
  const incomplete = known.length < costs.length || known.some((cost) => cost?.incomplete);
  if (costs.length > 0 && known.length === 0) {
    return create(CostSchema, { basis: CostBasis.UNKNOWN, incomplete: true });
  }
  const isActual = known.every((cost) => cost?.basis === CostBasis.ACTUAL);
  return create(CostSchema, {
    microUsd: known.reduce((sum, cost) => sum + (cost?.microUsd ?? 0n), 0n),
    basis: isActual ? CostBasis.ACTUAL : CostBasis.ESTIMATED,
    incomplete,
  });
}

/** What is known to be spent, in millionths of a US dollar. */
export function spentMicroUsd(state: Pick<CycleState, 'usage'>): bigint {
  return state.usage.reduce((sum, { usage }) => sum + (usage.cost?.microUsd ?? 0n), 0n);
}

/**
 * Upper bound of having a prompt written; undefined where it costs nothing, as does a prompt that is used again, or a
 * template that is rendered as it is.
 */
export function promptBound(
  { writer, promptEstimate }: CyclePlan,
  { how }: Pick<PromptWanted, 'how'>,
): Cost | undefined {
  const isFree = how === 'reuse' || (how === 'write' && writer === 'render');
  return isFree ? undefined : promptEstimate;
}

/** Stops a cycle whose next prompt could cost more than is left, whatever it was that asks for that prompt. */
export function stopAtCap(state: CycleState): CycleState {
  const { plan, prompting } = state;
  const bound = prompting === undefined ? undefined : promptBound(plan, prompting);
  if (bound === undefined || !couldExceed(plan.maxCostMicroUsd, spentMicroUsd(state), bound)) return state;
  return { ...state, prompting: undefined, stop: { reason: StopReason.MAX_COST, detail: '' } };
}

/**
 * Upper bound of what a round still costs once its prompt is there: its images, and the judges' looks at them. Unknown
 * where any of it is.
 */
export function roundBound(plan: CyclePlan, images: Cost | undefined, candidates: number): Cost | undefined {
  const { confirmMargin = 0, judgeEstimate } = plan;
  const looks = looksBound(judgeEstimate, candidates * (confirmMargin > 0 ? 2 : 1));
  if (!plan.judged || looks === undefined) return images;
  const [made, judged] = [images?.microUsd, looks.microUsd];
  if (made === undefined || judged === undefined) return create(CostSchema, { basis: CostBasis.UNKNOWN });
  return create(CostSchema, { microUsd: made + judged, basis: CostBasis.ESTIMATED });
}

/** Upper bound of so many looks at an image; undefined where looking costs nothing. */
export function looksBound(look: Cost | undefined, looks: number): Cost | undefined {
  if (look?.microUsd === undefined) return look;
  return create(CostSchema, { microUsd: look.microUsd * BigInt(looks), basis: CostBasis.ESTIMATED });
}

/** Whether a step of that upper bound could exceed the cap. A step without a price could. */
export function couldExceed(cap: bigint | undefined, spent: bigint, estimate: Cost | undefined): boolean {
  if (cap === undefined) return false;
  return estimate?.microUsd === undefined || spent + estimate.microUsd > cap;
}

/** Failures of a submission that had left: the provider may have worked, and billed it. */
const MAY_BE_BILLED: ReadonlySet<FailureClass> = new Set([
  FailureClass.UNKNOWN_OUTCOME,
  FailureClass.TIMEOUT,
]);

/**
 * What a candidate used. A submission whose outcome is unknown may have been billed: where its provider says nothing, its
 * share of the round's upper bound is kept, marked as an estimate.
 */
export function candidateUsage(round: RoundState, result: CandidateResult): readonly Usage[] {
  const mayBeBilled = MAY_BE_BILLED.has(result.failure?.class ?? FailureClass.UNSPECIFIED);
  if (!mayBeBilled || result.usage.length > 0) return result.usage;
  const bound = round.estimate?.microUsd;
  const count = BigInt(Math.max(round.candidates.length, 1));
  const cost =
    bound === undefined
      ? { basis: CostBasis.UNKNOWN }
      : { microUsd: (bound + count - 1n) / count, basis: CostBasis.ESTIMATED };
  return [create(UsageSchema, { kind: UsageKind.IMAGE, model: round.model, units: 1, unit: 'image', cost })];
}
