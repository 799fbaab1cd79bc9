import { expect, test } from '@jest/globals';
import { sentenceKey } from '../../text/sentences.ts';
import { readAnswer } from './answer.ts';
import { type Demands, faultsOf } from './faults.ts';

const demands: Demands = {
  maxChars: 30,
  requiredTerms: ['pears'],
  forbiddenTerms: ['acme'],
  requirements: [{ name: 'count: 3', isSaidIn: (text) => text.includes('three') }],
  earlier: new Set([sentenceKey('Three pears!')]),
};

test.each<[string, string[]]>([
  ['three pears on linen', []],
  ['three pears, on linen', []],
  ['', ['The prompt is empty.']],
  [' ., ', ['The prompt is empty.']],
  [
    'three pears \u0007',
    ['The prompt holds control characters.', 'The prompt equals one that was tried before.'],
  ],
  ['three pears \u202elinen', ['The prompt holds control characters.']],
  ['three pears on a very long table of oak', ['The prompt has 39 characters; at most 30 are allowed.']],
  ['three figs', ['The prompt does not contain “pears”.']],
  ['three Acme pears', ['The prompt contains “acme”, which is forbidden.']],
  ['pears', ['The prompt drops a requirement. It must say count: 3.']],
  [
    'THREE, pears',
    ['The prompt drops a requirement. It must say count: 3.', 'The prompt equals one that was tried before.'],
  ],
])('%j has the faults %j', (text, faults) => {
  expect(faultsOf(text, demands)).toEqual(faults);
});

test('an answer is cleaned, and what is no text is empty', () => {
  expect(
    readAnswer({
      prompt: '  a\r\n\r\n  b \t c ',
      negative_prompt: 7,
      notes: 'x\u0000y\u202e\nz',
      more: true,
    }),
  ).toEqual({ prompt: 'a\nb c', negative: '', notes: 'x y z' });
  expect(readAnswer({})).toEqual({ prompt: '', negative: '', notes: '' });
  expect(readAnswer({ notes: 'x'.repeat(5_000) }).notes).toHaveLength(1_000);
  // Half of a pair is no letter.
  expect(readAnswer({ prompt: 'a\ud800' }).prompt).toBe('a\ufffd');
});
