import { expect, test } from '@jest/globals';
import { withAnswered } from './negative.ts';

const answer = (negative: string, prompt = 'three pears on linen, soft shadow') => ({
  prompt,
  negative,
  notes: '',
});

test.each<[string, string, string]>([
  ['text', 'blur, TEXT, watermark.', 'text, blur, watermark'],
  // What the prompt asks for, what is required, what is forbidden.
  ['', 'shadow, harsh shadow, pears, blood on linen, blur', 'harsh shadow, blur'],
  ['', 'one; two\nthree', 'one, two'],
  ['', `x\u0007y, ${'long '.repeat(30)}, blur`, 'blur'],
  ['text', '', 'text'],
  ['', ' , ; ', ''],
])('to %j the model adds %j, which gives %j', (negative, added, result) => {
  expect(withAnswered(negative, answer(added), ['pears'], ['blood']).negative).toBe(result);
});

test('at most twenty terms are added, and never more than there is room for', () => {
  const many = Array.from({ length: 40 }, (_, index) => `term${index}`).join(', ');
  expect(withAnswered('', answer(many), [], []).negative.split(', ')).toHaveLength(20);
  const full = withAnswered('y'.repeat(8_190), answer('blur'), [], []);
  expect(full).toEqual({ negative: 'y'.repeat(8_190), leftOut: ['blur'] });
});
