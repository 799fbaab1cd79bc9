import {
  type Cost,
  CostBasis,
  CostSchema,
  type Usage,
  UsageKind,
} from '@atelier/protos/atelier/common/v1/money_pb.ts';
import type { Generation, Round } from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import { create } from '@bufbuild/protobuf';

/** What work cost, by what it was for. */
export interface CostParts {
  readonly image: Cost;
  readonly prompt: Cost;
  readonly judging: Cost;
}

/**
 * The sum of amounts. What is unknown is not zero: it makes the sum a lower bound, and a sum of nothing but unknowns is
 * unknown. No amount at all is a known zero.
 */
export function sumCosts(costs: readonly (Cost | undefined)[]): Cost {
  const known = costs.filter((cost) => cost?.microUsd !== undefined);
  const incomplete = known.length < costs.length || known.some((cost) => cost?.incomplete);
  if (costs.length > 0 && known.length === 0)
    return create(CostSchema, { basis: CostBasis.UNKNOWN, incomplete: true });
  const isActual = known.every((cost) => cost?.basis !== CostBasis.ESTIMATED);
  return create(CostSchema, {
    microUsd: known.reduce((sum, cost) => sum + (cost?.microUsd ?? 0n), 0n),
    basis: isActual ? CostBasis.ACTUAL : CostBasis.ESTIMATED,
    incomplete,
  });
}

/** What usages cost. */
export function usageCost(usage: readonly Usage[]): Cost {
  return sumCosts(usage.map(({ cost }) => cost));
}

/** Usages by what they were for. Storage counts to the images that are kept. */
export function partsOf(usage: readonly Usage[]): CostParts {
  const of = (...kinds: readonly UsageKind[]) => usageCost(usage.filter(({ kind }) => kinds.includes(kind)));
  return {
    image: of(UsageKind.IMAGE, UsageKind.STORAGE, UsageKind.UNSPECIFIED),
    prompt: of(UsageKind.EXPAND, UsageKind.REFINE),
    judging: of(UsageKind.JUDGE),
  };
}

/**
 * What a round cost, by what it was for; undefined where its record does not tell: earlier ones have a sum only, and
 * absent is not zero.
 */
export function roundParts({ candidates, promptUsage }: Round): CostParts | undefined {
  const usage = [...promptUsage, ...candidates.flatMap((candidate) => candidate.usage)];
  return usage.length === 0 ? undefined : partsOf(usage);
}

/** What a generation cost, by what it was for. */
export function generationParts({ usage }: Generation): CostParts | undefined {
  return usage.length === 0 ? undefined : partsOf(usage);
}
