import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { compose, length, type Parts, TooLong } from './compose.ts';
import { clausesOf, sentencesOf, tidy } from './sentences.ts';
import { containsTerm, missingTerms, presentTerms } from './terms.ts';

const parts = (more: Partial<Parts>): Parts => ({
  lead: '',
  clauses: [],
  avoid: '',
  requiredTerms: [],
  forbiddenTerms: [],
  maxChars: 0,
  ...more,
});

describe('compose', () => {
  test('says lead, clauses, required terms and what to avoid', () => {
    const whole = parts({
      lead: 'A cup',
      clauses: ['on wood', 'soft light'],
      requiredTerms: ['cup', 'steam'],
      avoid: 'text, logo',
    });
    expect(compose(whole).text).toBe('A cup, on wood, soft light. Include steam. Avoid: text, logo.');
    expect(compose({ ...whole, lead: 'A cup. It is full.' }).text).toBe(
      'A cup. It is full. on wood, soft light. Include steam. Avoid: text, logo.',
    );
  });

  test('leaves out added clauses that hold forbidden terms', () => {
    const { text } = compose(
      parts({ lead: 'A cup', clauses: ['red light', 'on wood'], forbiddenTerms: ['red'] }),
    );
    expect(text).toBe('A cup, on wood.');
  });

  test('loses what is least needed first, at the borders of clauses', () => {
    const whole = parts({
      lead: 'A blue cup, steaming, with "SALE, NOW"',
      clauses: ['on wood', 'soft light'],
      avoid: 'text',
      requiredTerms: ['"SALE, NOW"'],
    });
    const at = (maxChars: number) => compose({ ...whole, maxChars }).text;
    expect(at(70)).toBe('A blue cup, steaming, with "SALE, NOW", on wood, soft light.');
    expect(at(55)).toBe('A blue cup, steaming, with "SALE, NOW", on wood.');
    expect(at(45)).toBe('A blue cup, steaming, with "SALE, NOW".');
    expect(at(30)).toBe('A blue cup, with "SALE, NOW".');
    expect(() => at(20)).toThrow(TooLong);
  });

  test('cuts words where a single clause is too long', () => {
    expect(compose(parts({ lead: 'one two three four', maxChars: 14 })).text).toBe('one two three.');
  });

  test('keeps the limit and the required terms, or says that it cannot', () => {
    const word = fc.constantFrom(
      'apple',
      'cup',
      'red',
      'light',
      'on wood',
      '"SALE, 50%"',
      'close-up',
      'Note.',
    );
    const text = fc.array(word, { minLength: 1, maxLength: 12 }).map((words) => words.join(', '));
    fc.assert(
      fc.property(
        text,
        fc.array(text),
        fc.array(word),
        fc.integer({ min: 5, max: 120 }),
        (lead, clauses, terms, maxChars) => {
          try {
            const composed = compose(parts({ lead, clauses, requiredTerms: terms, maxChars }));
            expect(length(composed.text)).toBeLessThanOrEqual(maxChars);
            for (const term of terms) expect(containsTerm(composed.text, term)).toBe(true);
          } catch (error) {
            if (!(error instanceof TooLong)) throw error;
          }
        },
      ),
      { seed: 7, numRuns: 500 },
    );
  });
});

describe('sentences and clauses', () => {
  test('are not divided inside quotations', () => {
    expect(sentencesOf('Write "Wow! Now." in red. Then stop! 1.5 m wide\nNew line')).toEqual([
      'Write "Wow! Now." in red.',
      'Then stop!',
      '1.5 m wide',
      'New line',
    ]);
    expect(clausesOf('a 5" plate, with "a, b"; blue')).toEqual(['a 5" plate', 'with "a, b"', 'blue']);
  });

  test.each([
    ['a  b ,c', 'a b,c'],
    ['a, , b,; c', 'a, b, c'],
    [', a,', 'a'],
    ['a\n\n\n b', 'a\nb'],
    ['say "a  , b" , c', 'say "a  , b", c'],
    ['a,. b', 'a. b'],
  ])('tidy(%j) is %j', (text, tidied) => {
    expect(tidy(text)).toBe(tidied);
    expect(tidy(tidied)).toBe(tidied);
  });
});

test('terms are found as words of their own', () => {
  expect(presentTerms('A cart of Red  Apples', ['art', 'red apples', 'apple', 'cart'])).toEqual([
    'red apples',
    'cart',
  ]);
});

test('terms are found whatever is done to hide them', () => {
  expect(presentTerms('ｂｌｏｏｄ', ['blood'])).toEqual(['blood']);
  expect(presentTerms('blo\u200bod, g\u00adore', ['blood', 'gore'])).toEqual(['blood', 'gore']);
  expect(missingTerms('A CAFE\u0301', ['café', 'tea'])).toEqual(['tea']);
  expect(missingTerms('Grandma’s “PIE”', ["grandma's", '"PIE"'])).toEqual([]);
});
