import { expect, test } from '@jest/globals';
import { diffJson } from './diff.ts';

test('differences are told by path, with what was and what is', () => {
  const before = {
    body: 'a',
    variables: [{ name: 'x' }, { name: 'y', required: true }],
    options: { 'a b': 1 },
  };
  const after = {
    body: 'b',
    variables: [{ name: 'x' }, { name: 'z' }, { name: 'w' }],
    options: { 'a b': 2 },
  };
  expect(diffJson(before, after, 'content')).toEqual([
    { path: 'content.body', before: 'a', after: 'b' },
    { path: 'content.options["a b"]', before: 1, after: 2 },
    { path: 'content.variables[1].name', before: 'y', after: 'z' },
    { path: 'content.variables[1].required', before: true, after: undefined },
    { path: 'content.variables[2]', before: undefined, after: { name: 'w' } },
  ]);
  expect(diffJson(before, structuredClone(before), 'content')).toEqual([]);
});
