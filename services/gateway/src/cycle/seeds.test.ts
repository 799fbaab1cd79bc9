import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { candidateSeed, DERIVED_SEED_LIMIT } from './seeds.ts';

test('the first candidate uses the given seed as it is', () => {
  expect(candidateSeed(Number.MAX_SAFE_INTEGER, 0, 0)).toBe(Number.MAX_SAFE_INTEGER);
});

test('derived seeds never change between versions, or records could not be made again', () => {
  expect([candidateSeed(7, 0, 1), candidateSeed(7, 1, 0), candidateSeed(8, 1, 0)]).toMatchInlineSnapshot(`
[
  2068782071,
  940073862,
  269385149,
]
`);
});

test('the candidates of a generation have different seeds, within the range that every provider takes', () => {
  fc.assert(
    fc.property(fc.maxSafeNat(), (seed) => {
      const seeds = Array.from({ length: 10 }, (_, round) => round).flatMap((round) =>
        Array.from({ length: 16 }, (_, index) => candidateSeed(seed, round, index)),
      );
      const derived = seeds.slice(1);
      expect(new Set(derived).size).toBe(derived.length);
      expect(
        derived.every((value) => Number.isInteger(value) && value >= 0 && value < DERIVED_SEED_LIMIT),
      ).toBe(true);
    }),
    { seed: 4, numRuns: 50 },
  );
});
