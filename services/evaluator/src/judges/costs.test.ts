import { CostBasis, CostSchema, UsageKind, UsageSchema } from '@atelier/protos/atelier/common/v1/money_pb.ts';
import { create } from '@bufbuild/protobuf';
import { expect, test } from '@jest/globals';
import { mergeUsage, noCost, sumOfBounds, timesBound } from './costs.ts';

const bound = (microUsd: bigint) => create(CostSchema, { microUsd, basis: CostBasis.ESTIMATED });
const unknown = create(CostSchema, { basis: CostBasis.UNKNOWN });

test('bounds add up, and one that is unknown makes all unknown', () => {
  expect(sumOfBounds([bound(3n), bound(4n)]).microUsd).toBe(7n);
  expect(sumOfBounds([])).toEqual(noCost());
  expect(timesBound(bound(5n), 3).microUsd).toBe(15n);
  expect(sumOfBounds([bound(3n), unknown])).toMatchObject({ basis: CostBasis.UNKNOWN });
  expect(sumOfBounds([bound(3n), unknown]).microUsd).toBeUndefined();
  expect(timesBound(unknown, 2).microUsd).toBeUndefined();
  expect(sumOfBounds([{ ...bound(3n), incomplete: true }]).microUsd).toBeUndefined();
});

test('usages of one kind become one, and what has no price stays apart', () => {
  const usage = (unit: string, units: number, microUsd?: bigint) =>
    create(UsageSchema, {
      kind: UsageKind.JUDGE,
      model: 'judges/eye@1',
      unit,
      units,
      cost: microUsd === undefined ? { basis: CostBasis.UNKNOWN } : { microUsd, basis: CostBasis.ACTUAL },
    });
  const merged = mergeUsage([
    usage('input_token', 5, 2n),
    usage('output_token', 1, 4n),
    usage('input_token', 7, 3n),
    usage('input_token', 2),
    usage('input_token', 1),
  ]);
  expect(merged.map(({ unit, units, cost }) => [unit, units, cost?.microUsd])).toEqual([
    ['input_token', 12, 5n],
    ['output_token', 1, 4n],
    ['input_token', 3, undefined],
  ]);
});
