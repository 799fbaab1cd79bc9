import { type Cost, CostBasis, CostSchema } from '@atelier/protos/atelier/common/v1/money_pb.ts';
import { create } from '@bufbuild/protobuf';

/** The sum of estimates; unknown where one of them is. */
export function sumOf(costs: readonly Cost[]): Cost {
  let sum = 0n;
  for (const { microUsd } of costs) {
    if (microUsd === undefined) return create(CostSchema, { basis: CostBasis.UNKNOWN });
    sum += microUsd;
  }
  return create(CostSchema, { microUsd: sum, basis: CostBasis.ESTIMATED });
}

/** The highest of estimates; unknown where one of them is. */
export function highestOf(costs: readonly Cost[]): Cost {
  let highest = 0n;
  for (const { microUsd } of costs) {
    if (microUsd === undefined) return create(CostSchema, { basis: CostBasis.UNKNOWN });
    if (microUsd > highest) highest = microUsd;
  }
  return create(CostSchema, { microUsd: highest, basis: CostBasis.ESTIMATED });
}
