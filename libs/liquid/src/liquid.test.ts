import { expect, test } from '@jest/globals';
import { LiquidProblem, parseLiquid, renderLiquid } from './liquid.ts';

const render = (source: string, scope: Record<string, unknown> = {}) =>
  renderLiquid(parseLiquid(source), scope);

test('values are put in, lists with commas between, null as nothing', () => {
  expect(render('{{ n }} {{ items }}{{ none }}', { n: 3, items: ['a', 'b'], none: null })).toBe('3 a, b');
});

test('variables are found with their places', () => {
  expect(parseLiquid('a\n{{ item }} {{ style.light }}').uses).toEqual([
    { path: ['item'], position: { line: 2, column: 4 } },
    { path: ['style', 'light'], position: { line: 2, column: 15 } },
  ]);
});

test.each([
  ['a variable without a value', '{{ missing }}'],
  ['a property of the prototype', '{{ item.constructor }}'],
  ['work without end', '{% for i in (1..100000000) %}x{% endfor %}'],
])('%s fails when it is rendered', (_, source) => {
  expect(() => render(source, { item: {} })).toThrow(LiquidProblem);
});

test.each([
  '{{ item }',
  '{% if %}',
  '{{ a | shout }}',
  '{% include "x" %}',
  '{% render "x" %}',
  '{{ "now" | date: "%Y" }}',
])('%s does not parse', (source) => {
  expect(() => render(source, { item: 1, a: 1 })).toThrow(LiquidProblem);
});
