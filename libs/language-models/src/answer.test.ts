import { describe, expect, test } from '@jest/globals';
import { objectIn } from './answer.ts';

describe('the object in an answer', () => {
  test.each([
    ['{"a": 1}', { a: 1 }],
    ['\n {"a": {"b": "}"}} \n', { a: { b: '}' } }],
    ['<think>{"a": 2} or so</think>\n{"a": 1}', { a: 1 }],
  ])('%j is one', (text, object) => {
    expect(objectIn(text, false)).toEqual(object);
  });

  test.each(['', 'yes', '[1]', '"a"', 'null', '{"a": 1', '{"a": 1} and more', '```json\n{"a": 1}\n```'])(
    '%j is none where the vendor holds answers to a schema',
    (text) => {
      expect(objectIn(text, false)).toBeUndefined();
    },
  );

  test.each([
    ['Here it is:\n```json\n{"a": 1}\n```\nGood luck.', { a: 1 }],
    ['```\n{"a": 1}\n```', { a: 1 }],
    ['```json\r\n{"a": 1}\r\n```', { a: 1 }],
    ['```json\n\n[1]\n```\n  ```json\n{"a": 1}\n  ```', { a: 1 }],
    ['```python\nprint(1)\n```\nand {"a": "\\"}{"}', { a: '"}{' }],
    ['Of {these} it is {"a": 1}.', { a: 1 }],
  ])('%j holds one among words', (text, object) => {
    expect(objectIn(text, true)).toEqual(object);
  });

  test('an answer of nothing but beginnings is given up', () => {
    expect(objectIn('{'.repeat(100_000), true)).toBeUndefined();
    // Models that run out of words go on with line ends.
    expect(objectIn(`So: \`\`\`json${'\n'.repeat(200_000)}.`, true)).toBeUndefined();
    expect(objectIn(`So:\n${'```json\n\n'.repeat(50_000)}.`, true)).toBeUndefined();
  });
});
