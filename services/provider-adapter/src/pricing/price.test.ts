import { CostBasis } from '@atelier/protos/atelier/common/v1/money_pb.ts';
import { describe, expect, test } from '@jest/globals';
import { modelOf } from '../../tests/catalog-models.ts';
import { costOf, usageOf } from './price.ts';

const priced = (rules: object[]) => modelOf({ pricing: { version: 'v1', rules } });
const { ESTIMATED, ACTUAL, UNKNOWN } = CostBasis;

describe('the cost of units', () => {
  test.each<[string, object[], Record<string, number>, Record<string, string>, bigint | undefined, boolean]>([
    ['no rules: unknown, not zero', [], { image: 3 }, {}, undefined, false],
    ['per image', [{ unit: 'image', micro_usd: 2000 }], { image: 3 }, {}, 6000n, false],
    ['a price of zero is a price', [{ unit: 'image', micro_usd: 0 }], { image: 3 }, {}, 0n, false],
    [
      'the first rule whose conditions hold',
      [
        { unit: 'image', micro_usd: 9000, when: { quality: 'high' } },
        { unit: 'image', micro_usd: 2000 },
      ],
      { image: 1 },
      { quality: 'high' },
      9000n,
      false,
    ],
    [
      'conditions that do not hold',
      [
        { unit: 'image', micro_usd: 9000, when: { quality: 'high', task: 'edit' } },
        { unit: 'image', micro_usd: 2000 },
      ],
      { image: 1 },
      { quality: 'high', task: 'generate' },
      2000n,
      false,
    ],
    [
      'no rule for these conditions: unknown',
      [{ unit: 'image', micro_usd: 9000, when: { quality: 'high' } }],
      { image: 1 },
      {},
      undefined,
      false,
    ],
    ['megapixels in parts', [{ unit: 'megapixel', micro_usd: 1000 }], { megapixel: 1.5 }, {}, 1500n, false],
    [
      'megapixels rounded up',
      [{ unit: 'megapixel', micro_usd: 1000, round_up: true }],
      { megapixel: 1.01 },
      {},
      2000n,
      false,
    ],
    [
      'exactly one megapixel is one',
      [{ unit: 'megapixel', micro_usd: 1000, round_up: true }],
      { megapixel: 1 },
      {},
      1000n,
      false,
    ],
    [
      'units add up',
      [
        { unit: 'request', micro_usd: 100 },
        { unit: 'image', micro_usd: 10 },
      ],
      { request: 2, image: 4 },
      {},
      240n,
      false,
    ],
    [
      'a unit that is not known makes it incomplete',
      [
        { unit: 'image', micro_usd: 10 },
        { unit: 'output_token', micro_usd: 30 },
      ],
      { image: 1 },
      {},
      10n,
      true,
    ],
    ['parts of a millionth round up', [{ unit: 'image', micro_usd: 0.3 }], { image: 1 }, {}, 1n, false],
    ['without the noise of fractions', [{ unit: 'image', micro_usd: 0.1 }], { image: 30 }, {}, 3n, false],
  ])('%s', (_name, rules, units, conditions, amount, incomplete) => {
    const cost = costOf(priced(rules), units, conditions, ESTIMATED);
    expect(cost.microUsd).toBe(amount);
    expect(cost.basis).toBe(amount === undefined ? UNKNOWN : ESTIMATED);
    expect(cost.incomplete).toBe(incomplete);
  });
});

test('usage has an entry for each unit of the list, with price and version', () => {
  const model = priced([
    { unit: 'request', micro_usd: 100 },
    { unit: 'megapixel', micro_usd: 1000, round_up: true },
  ]);
  const units = { image: 1, request: 1, megapixel: 1.2 };
  expect(usageOf(model, units, {}, ACTUAL)).toMatchObject([
    {
      unit: 'request',
      units: 1,
      unitPriceMicroUsd: 100,
      priceVersion: 'v1',
      cost: { microUsd: 100n, basis: ACTUAL },
    },
    { unit: 'megapixel', units: 2, unitPriceMicroUsd: 1000, cost: { microUsd: 2000n } },
  ]);
});
