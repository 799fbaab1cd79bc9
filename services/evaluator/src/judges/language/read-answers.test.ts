import { QuestionSchema } from '@atelier/protos/atelier/evaluation/v1/rubric_pb.ts';
import { create } from '@bufbuild/protobuf';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { itemsOf } from './items.ts';
import { type Line, layOut } from './layout.ts';
import { cut, entriesOf, readAnswers } from './read-answers.ts';

const items = itemsOf([
  create(QuestionSchema, { id: 'a', text: 'Is it red?' }),
  create(QuestionSchema, { id: 'b', text: 'So many?', openCount: { of: 'pears', expected: '3' } }),
  create(QuestionSchema, {
    id: 'c',
    text: 'So written?',
    check: { kind: 'text_present', parameters: { text: 'SALE' } },
  }),
]);
const lines = layOut(items, { images: 'abc', ask: 0, attempt: 0 });

const form = (line: Line) => (line.kind === 'control' ? 'control' : line.item.form);
const good = { control: 'no', yes_no: 'yes', count: '3', read: 'SALE\nNOW' };

/** Reads entries that answer every line as is told. */
function read(answers: Readonly<Record<string, unknown>>) {
  const entries = lines.map((line) => ({ id: line.id, answer: answers[form(line)], finding: 'f', fix: '' }));
  return readAnswers(entriesOf({ answers: entries }), lines);
}

describe('reading answers', () => {
  test('of every form', () => {
    const { good: found, open, isHonest } = read(good);
    expect(found.map(({ item, value }) => [item.form, value]).sort()).toEqual([
      ['count', '3'],
      ['read', 'SALE\nNOW'],
      ['yes_no', 'yes'],
    ]);
    expect(open).toEqual([]);
    expect(isHonest).toBe(true);
  });

  test.each([
    ['yes_no', ' Yes. ', 'yes'],
    ['yes_no', 'NO', 'no'],
    ['count', ' 12', '12'],
    ['count', '007', '7'],
    ['count', 12, '12'],
    ['read', '', ''],
  ])('%s: "%s" is %s', (kind, answer, value) => {
    const { good: found } = read({ ...good, [kind]: answer });
    expect(found.find(({ item }) => item.form === kind)?.value).toBe(value);
  });

  test.each([
    ['yes_no', 'yes, mostly'],
    ['yes_no', 'true'],
    ['yes_no', true],
    ['yes_no', ''],
    ['count', 'three'],
    ['count', '3-4'],
    ['count', '-1'],
    ['count', 3.5],
    ['read', null],
  ])('%s: %p is no answer', (kind, answer) => {
    const { open } = read({ ...good, [kind]: answer });
    expect(open.map((item) => item.form)).toEqual([kind]);
  });

  test.each([
    ['yes', false],
    ['no', true],
    ['perhaps', undefined],
  ])('%s to the control question: honest %p', (control, isHonest) => {
    expect(read({ ...good, control }).isHonest).toBe(isHonest);
  });

  test('of anything at all never answers what was not asked, and never throws', () => {
    const value = fc.oneof(fc.constantFrom('yes', 'no', '3', 'q1', 'q2', 'q9'), fc.jsonValue());
    const entry = fc.record({ id: value, answer: value, finding: value, fix: value }, { requiredKeys: [] });
    const anything = fc.oneof(
      fc.record({ answers: fc.array(fc.oneof(entry, fc.jsonValue())) }),
      fc.dictionary(fc.string(), fc.jsonValue()),
    );
    fc.assert(
      fc.property(anything, (json) => {
        const { good: found, open } = readAnswers(entriesOf(json), lines);
        expect([...found.map(({ item }) => item), ...open]).toHaveLength(items.length);
      }),
      { seed: 51 },
    );
  });
});

test('long words are cut at a word, in one line', () => {
  expect(cut(' a\n b ')).toBe('a b');
  expect(cut('word '.repeat(200))).toMatch(/^(word ){1,80}word…$/);
  expect(cut('x'.repeat(1_000))).toHaveLength(401);
});
