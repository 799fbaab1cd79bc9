import { expect, test } from '@jest/globals';
import { compose, length, type Parts } from './compose.ts';
import { warningsOf } from './losses.ts';

const parts: Parts = {
  lead: 'A blue cup, steaming, with a spoon',
  clauses: ['on wood', 'soft light'],
  avoid: 'text',
  requiredTerms: [],
  forbiddenTerms: [],
  maxChars: 0,
};

const warned = (more: Partial<Parts>) => {
  const whole = { ...parts, ...more };
  return warningsOf(compose(whole), whole.maxChars);
};

test('a prompt that says all as it was given has none', () => {
  expect(warned({})).toEqual([]);
  expect(warned({ maxChars: length(compose(parts).text) })).toEqual([]);
});

test('clauses that had to go are counted and quoted, with the limit', () => {
  expect(warned({ maxChars: 60 })).toEqual([
    '1 clause (13 characters) was left out of the prompt to keep its limit of 60 characters: “Avoid: text”.',
  ]);
  expect(warned({ maxChars: 40 })).toEqual([
    '3 clauses (34 characters) were left out of the prompt to keep its limit of 40 characters: “Avoid: text”, “soft light”, “on wood”.',
  ]);
});

test('words that had to go are told as words, in their order', () => {
  const short = { lead: 'one two three four', clauses: [], avoid: '' };
  expect(warned({ ...short, maxChars: 8 })).toEqual([
    '2 words (11 characters) were left out of the prompt to keep its limit of 8 characters: “three four”.',
  ]);
});

test('terms that were added, and clauses that are forbidden, are told', () => {
  expect(warned({ requiredTerms: ['steam', 'cup', 'handle'] })).toEqual([
    'The prompt did not say what is required of it, so it was added at the end: “handle”.',
  ]);
  expect(warned({ forbiddenTerms: ['wood', 'text'] })).toEqual([
    'Left out of the prompt, since it holds a forbidden term: “on wood”, “text”.',
  ]);
});

test('long losses are quoted in part, and counted in full', () => {
  const clauses = Array.from({ length: 80 }, (_, index) => `clause number ${index}`);
  const [warning = ''] = warned({ clauses, avoid: '', maxChars: 40 });
  expect(warning).toMatch(/^80 clauses \(\d+ characters\) were left out/);
  expect(warning).toMatch(/…\.$/);
  expect(warning.length).toBeLessThan(500);
});
