import { expect, test } from '@jest/globals';
import { saysNumber } from './numbers.ts';

test.each<[string, number]>([
  ['3 pears', 3],
  ['Three pears', 3],
  ['exactly three.', 3],
  ['pears: 3.', 3],
  ['3.0 litres', 3],
  ['2.5 litres', 2.5],
  ['2,50 litres', 2.5],
  ['12,000 people', 12_000],
  ['12000 people', 12_000],
  ['forty-two eggs', 42],
  ['forty two eggs', 42],
  ['a single pear', 1],
  ['a pear', 1],
  ['a pair of shoes', 2],
  ['a dozen eggs', 12],
  ['a hundred balloons', 100],
  ['minus -3 degrees', -3],
])('%j says %d', (text, number) => {
  expect(saysNumber(text, number)).toBe(true);
});

test.each<[string, number]>([
  ['13 pears', 3],
  ['3.5 litres', 3],
  ['1.3 litres', 3],
  ['33 pears', 3],
  ['the threefold path', 3],
  ['pears', 3],
  ['twenty-two', 20 + 3],
  ['forty eggs', 42],
  ['120 people', 12_000],
  ['an apple', 2],
])('%j does not say %d', (text, number) => {
  expect(saysNumber(text, number)).toBe(false);
});
