import { CostBasis, CostSchema } from '@atelier/protos/atelier/common/v1/money_pb.ts';
import { create } from '@bufbuild/protobuf';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { clipped, fitting, jsonBytes } from './bounds.ts';
import { highestOf, sumOf } from './costs.ts';

test('what fits is the longest beginning within the bytes', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'grapheme' })), fc.nat(200), (items, maxBytes) => {
      const taken = fitting(items, maxBytes);
      expect(taken).toEqual(items.slice(0, taken.length));
      if (taken.length > 0) expect(jsonBytes(taken)).toBeLessThanOrEqual(maxBytes);
      const more = items.slice(0, taken.length + 1);
      // A byte is kept back for the comma that the last item does not have.
      if (more.length > taken.length) expect(jsonBytes(more) + 1).toBeGreaterThan(maxBytes);
    }),
    { seed: 3 },
  );
});

test('a clipped text says so, and counts characters as people do', () => {
  expect(clipped('🍐🍐🍐', 3)).toBe('🍐🍐🍐');
  expect(clipped('🍐🍐🍐🍐', 3)).toBe('🍐🍐…');
});

test('sums and maxima of estimates are unknown where one of them is', () => {
  const cost = (microUsd?: bigint) =>
    create(CostSchema, microUsd === undefined ? { basis: CostBasis.UNKNOWN } : { microUsd });
  expect(sumOf([cost(2n), cost(3n)])).toMatchObject({ microUsd: 5n, basis: CostBasis.ESTIMATED });
  expect(highestOf([cost(2n), cost(3n)])).toMatchObject({ microUsd: 3n, basis: CostBasis.ESTIMATED });
  for (const join of [sumOf, highestOf]) {
    expect(join([])).toMatchObject({ microUsd: 0n, basis: CostBasis.ESTIMATED });
    const unknown = join([cost(2n), cost()]);
    expect(unknown.basis).toBe(CostBasis.UNKNOWN);
    expect(unknown.microUsd).toBeUndefined();
  }
});
