import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { bestMatch, editDistance, normalise } from './text-match.ts';

const words = (line: string, confidence = 90) =>
  line.split(' ').map((text) => ({ text, confidence, box: { left: 0, top: 0, right: 1, bottom: 1 } }));

const letters = fc.stringMatching(/^[a-zA-Z0-9 ]{0,14}$/);

describe('editDistance', () => {
  const cases: [string, string, number][] = [
    ['sale', 'sale', 0],
    ['', 'abc', 3],
    ['summer', 'sumer', 1],
    ['night', 'nacht', 2],
    ['a b', 'ab', 0.5],
    ['go.', 'go', 0.5],
    ['O', '0', 0.35],
    ['Ill', 'I11', 0.7],
  ];
  test.each(cases)('%j to %j is %d', (x, y, distance) => {
    expect(editDistance(x, y)).toBeCloseTo(distance, 9);
  });

  test('is a metric up to the look-alikes: symmetric, nothing for equals, at most the longer length', () => {
    fc.assert(
      fc.property(letters, letters, (x, y) => {
        const d = editDistance(x, y);
        return d === editDistance(y, x) && (d === 0) === (x === y) && d <= Math.max(x.length, y.length);
      }),
      { seed: 3 },
    );
  });
});

describe('normalise', () => {
  test('exact keeps case and punctuation, and one kind of quotes, dashes and spaces', () => {
    expect(normalise('  “Best”\n of – the   bunch’s ', 'exact')).toBe('"Best" of - the bunch\'s');
  });
  test('fuzzy keeps letters and digits', () => {
    expect(normalise('50% OFF, today!', 'fuzzy')).toBe('50offtoday');
  });
});

describe('bestMatch', () => {
  test('finds the words inside others', () => {
    const match = bestMatch('Summer Sale', words('now the Summer Sale starts'), 'exact');
    expect(match).toMatchObject({ found: 'Summer Sale', edits: 0, first: 2, end: 4 });
  });

  test('joins words that were read apart, and parts that were read as one', () => {
    expect(bestMatch('Summer Sale', words('Sum mer Sale'), 'fuzzy')?.edits).toBe(0);
    expect(bestMatch('Summer Sale', words('SummerSale'), 'exact')?.edits).toBe(0.5);
  });

  test('prefers the surer of equal readings', () => {
    const match = bestMatch('Go', [...words('Go', 30), ...words('Go', 95)], 'exact');
    expect(match?.confidence).toBe(95);
  });

  test('has nothing to say about no words', () => {
    expect(bestMatch('Go', [], 'exact')).toBeUndefined();
  });
});
