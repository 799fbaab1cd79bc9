import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { checkReading } from './text-reading.ts';

describe('a reading', () => {
  test.each([
    ['the very text', { text: 'SUMMER SALE' }, 'SUMMER SALE', 'PASS'],
    ['the text among others', { text: 'SUMMER SALE' }, 'NOW\nSUMMER SALE\n50 %', 'PASS'],
    ['another case', { text: 'SUMMER SALE' }, 'Summer Sale', 'FAIL'],
    ['another case, loosely', { text: 'SUMMER SALE', mode: 'fuzzy' }, 'Summer Sale', 'PASS'],
    ['a misspelling', { text: 'SUMMER SALE' }, 'SUMNER SALE', 'FAIL'],
    ['others where it was to be alone', { text: 'SALE', only: true }, 'SALE EVERYWHERE', 'FAIL'],
    ['nothing', { text: 'SALE' }, '', 'FAIL'],
    ['nothing where nothing is wanted', { text: '' }, '', 'PASS'],
    ['nothing in words', { text: '' }, 'No text', 'PASS'],
    ['something where nothing is wanted', { text: '' }, 'SALE', 'FAIL'],
    ['the words for nothing, where they are wanted', { text: 'NO TEXT' }, 'NO TEXT', 'PASS'],
  ])('of %s', (_, parameters, reading, verdict) => {
    const checked = checkReading(parameters, reading);
    expect(checked.verdict).toBe(verdict);
    expect(checked.critique === '').toBe(verdict === 'PASS');
  });

  test('is any text, and always comes to a probability', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 80 }), fc.boolean(), (reading, only) => {
        const { pYes } = checkReading({ text: 'SALE', only }, reading);
        expect(pYes).toBeGreaterThanOrEqual(0);
        expect(pYes).toBeLessThanOrEqual(1);
      }),
      { seed: 41 },
    );
  });
});
