import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { answer, cannotJudge, estimated, exact, failAt, passAt, verdictOf } from './probability.ts';

const margin = fc.double({ min: -50, max: 50, noNaN: true });
const scale = fc.double({ min: 0.001, max: 10, noNaN: true });

describe('estimated', () => {
  test('rises with the margin, is .5 at the limit and stays a probability', () => {
    fc.assert(
      fc.property(margin, margin, scale, (x, y, spread) => {
        const [low, high] = [estimated(Math.min(x, y), spread), estimated(Math.max(x, y), spread)];
        return low <= high && low >= 0 && high <= 1;
      }),
      { seed: 7 },
    );
    expect(estimated(0, 3)).toBe(0.5);
  });

  test('is symmetric: being as far inside as outside is as sure', () => {
    fc.assert(
      fc.property(
        margin,
        scale,
        (x, spread) => Math.abs(estimated(x, spread) + estimated(-x, spread) - 1) < 1e-9,
      ),
      { seed: 8 },
    );
  });
});

describe('exact', () => {
  test('rises with the margin and never leaves a known fact uncertain', () => {
    fc.assert(
      fc.property(margin, margin, scale, (x, y, s) => exact(Math.min(x, y), s) <= exact(Math.max(x, y), s)),
      { seed: 9 },
    );
    fc.assert(
      fc.property(margin, scale, (x, s) => verdictOf(exact(x, s)) === (x >= 0 ? 'PASS' : 'FAIL')),
      { seed: 10 },
    );
  });
});

describe('answers', () => {
  test('take their verdict from the probability', () => {
    expect([1, passAt, 0.6, 0.5, 0.4, failAt, 0].map(verdictOf)).toEqual([
      'PASS',
      'PASS',
      'UNCERTAIN',
      'UNCERTAIN',
      'UNCERTAIN',
      'FAIL',
      'FAIL',
    ]);
  });

  test('have a critique unless they pass, and rounded measures', () => {
    expect(answer(0.9, { share: 1 / 3 }, 'seen', 'ask')).toEqual({
      pYes: 0.9,
      verdict: 'PASS',
      critique: '',
      finding: 'seen',
      measured: { share: 0.3333 },
    });
    expect(answer(0.1, {}, 'seen', 'ask').critique).toBe('ask');
    expect(cannotJudge({}, 'seen', 'ask')).toMatchObject({
      pYes: 0.5,
      verdict: 'CANNOT_JUDGE',
      critique: 'ask',
    });
  });
});
