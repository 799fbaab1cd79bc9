import { expect, test } from '@jest/globals';
import { withoutPrompts } from './without-prompts.ts';

test.each([
  [{ prompt: 'an apple', negative_prompt: 'apple' }],
  [{ inputs: 'an apple', parameters: { negative_prompt: 'apple' } }],
  [{ textToImageParams: { text: 'an apple', negativeText: 'x' }, prompts: ['apple'] }],
])('takes the prompts of %j out, the longest first', (body) => {
  expect(withoutPrompts('bad: "an apple", not apple.', body)).toBe('bad: "…", not ….');
});

test('leaves other words alone, and an empty prompt takes nothing out', () => {
  expect(withoutPrompts('png is no format', { prompt: '', output_format: 'png' })).toBe('png is no format');
});
