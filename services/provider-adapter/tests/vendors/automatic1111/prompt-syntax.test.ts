import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { literal, withoutNetworks } from '../../../src/providers/automatic1111/prompt-syntax.ts';

/** What the web UI's parser of attention makes of a text without brackets: a backslash goes, what follows it stays. */
function read(prompt: string): string {
  return prompt.replace(/\\([\s\S]?)/g, '$1');
}

const pieces = fc.array(
  fc.constantFrom(
    'a cat',
    ' ',
    '(',
    ')',
    '[',
    ']',
    '\\',
    ':',
    '1.2',
    '|',
    'AND',
    'BREAK',
    '<lora:x:1>',
    '<',
    '>',
    'hypernet:',
    '#',
    'größe:',
    '\n',
  ),
  { maxLength: 12 },
);

test('a literal prompt is read as what it says', () => {
  fc.assert(
    fc.property(pieces, (parts) => {
      const prompt = parts.join('');
      const sent = withoutNetworks(literal(prompt));
      expect(read(sent)).toBe(prompt);
      // Nothing is left that its grammars take for more than text.
      const bare = sent.replace(/\\[\s\S]/g, '');
      expect(bare).not.toMatch(/[()[\]]/);
      expect(sent).not.toMatch(/\bAND\b|\bBREAK\b/);
      expect(sent).not.toMatch(/<[\p{L}\p{N}_]+:/u);
      expect(sent).not.toMatch(/:\s*[-+]?[\d.]+\s*$/);
    }),
    { seed: 20_261_128, numRuns: 2_000 },
  );
});

test.each([
  ['a (red:1.4) [cat|dog]', 'a \\(red:1.4\\) \\[cat|dog\\]'],
  ['SALT AND PEPPER', 'SALT A\\ND PEPPER'],
  ['SANDAL BREAKFAST', 'SANDAL BREAKFAST'],
  ['a clock at 12:30', 'a clock at 12:\\30'],
  ['a < b: 3 > 2', 'a < b: 3 > 2'],
])('literal: %s', (prompt, sent) => {
  expect(withoutNetworks(literal(prompt))).toBe(sent);
});

test('weighted words are left to the web UI, and never load weights', () => {
  expect(withoutNetworks('(a cat:1.2), <lora:x:2>, <hypernet:y')).toBe(
    '(a cat:1.2), <lora\\:x:2>, <hypernet\\:y',
  );
});
