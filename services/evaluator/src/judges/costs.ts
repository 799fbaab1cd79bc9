import { type Cost, CostBasis, CostSchema, type Usage } from '@atelier/protos/atelier/common/v1/money_pb.ts';
import { create } from '@bufbuild/protobuf';

/** Nothing, for certain. */
export function noCost(): Cost {
  return create(CostSchema, { microUsd: 0n, basis: CostBasis.ESTIMATED });
}

/** The sum of upper bounds. One that is unknown makes the sum unknown: a part of it would be no upper bound. */
export function sumOfBounds(bounds: readonly Cost[]): Cost {
  if (bounds.some(({ microUsd, incomplete }) => microUsd === undefined || incomplete)) {
    return create(CostSchema, { basis: CostBasis.UNKNOWN });
  }
  const microUsd = bounds.reduce((sum, cost) => sum + (cost.microUsd ?? 0n), 0n);
  return create(CostSchema, { microUsd, basis: CostBasis.ESTIMATED });
}

/** So many times an upper bound. */
export function timesBound(bound: Cost, times: number): Cost {
  return sumOfBounds(Array.from({ length: times }, () => bound));
}

/** Usages of one kind as one, so that a record does not list every single call. */
export function mergeUsage(usages: readonly Usage[]): Usage[] {
  const merged = new Map<string, Usage>();
  for (const usage of usages) {
    const { kind, model, unit, unitPriceMicroUsd, priceVersion, cost } = usage;
    const isKnown = cost?.microUsd !== undefined;
    const alike = [
      kind,
      model,
      unit,
      unitPriceMicroUsd,
      priceVersion,
      cost?.basis,
      cost?.incomplete,
      isKnown,
    ];
    const key = JSON.stringify(alike);
    const present = merged.get(key);
    merged.set(key, present === undefined ? usage : added(present, usage));
  }
  return [...merged.values()];
}

function added(one: Usage, other: Usage): Usage {
  const units = one.units + other.units;
  if (one.cost?.microUsd === undefined || other.cost?.microUsd === undefined) return { ...one, units };
  return { ...one, units, cost: { ...one.cost, microUsd: one.cost.microUsd + other.cost.microUsd } };
}
