import { type Question, QuestionSchema } from '@atelier/protos/atelier/evaluation/v1/rubric_pb.ts';
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { describe, expect, test } from '@jest/globals';
import { renderQuestions } from './render.ts';
import { scopeOf } from './scope.ts';
import { validateQuestions } from './validate.ts';

const question = (change: MessageInitShape<typeof QuestionSchema>): Question =>
  create(QuestionSchema, { id: 'a', text: 'Is it good?', required: true, ...change });
const count = (expected: string, of = 'pears') => question({ openCount: { of, expected } });
const report = (one: Question) => validateQuestions([one], 'questions');
const fields = (problems: readonly { field: string }[]) => problems.map(({ field }) => field);

describe('open counts', () => {
  test.each(['0', '7', '1000', ' 12 ', '{{ count }}'])('%s is a number to expect', (expected) => {
    expect(report(count(expected)).problems).toEqual([]);
  });

  test.each(['-1', '1001', '3.5', 'four', '1e2'])('%s is none', (expected) => {
    expect(fields(report(count(expected)).problems)).toEqual(['questions[0].open_count.expected']);
  });

  test('are rendered, and checked again with the values', () => {
    const templated = count('{{ count }}', '{{ item }}s');
    expect(report(templated).usedVariables).toEqual(['count', 'item']);
    const good = renderQuestions([templated], { count: 3, item: 'pear' }, 'questions');
    expect(good.questions[0]?.openCount).toMatchObject({ of: 'pears', expected: '3' });
    const bad = renderQuestions([templated], { count: 'many', item: 'pear' }, 'questions');
    expect(fields(bad.problems)).toEqual(['questions[0].open_count.expected']);
    const missing = renderQuestions([templated], { count: 3 }, 'questions');
    expect(fields(missing.problems)).toEqual(['variables["item"]']);
  });

  test('are not for questions that a check answers', () => {
    const both = question({ openCount: { of: 'pears', expected: '3' }, check: { kind: 'not_blank' } });
    expect(fields(report(both).problems)).toEqual(['questions[0].open_count']);
  });
});

describe('the brief', () => {
  const quoting = question({ text: 'Does it show this: {{ brief }}?' });

  test('is there for every question, and is no variable to be given', () => {
    expect(report(quoting)).toMatchObject({ problems: [], usedVariables: [] });
    const { questions } = renderQuestions([quoting], scopeOf({}, 'a pear'), 'questions');
    expect(questions[0]?.text).toBe('Does it show this: a pear?');
  });

  test('gives way to a variable of that name', () => {
    const { questions } = renderQuestions([quoting], scopeOf({ brief: 'an apple' }, 'a pear'), 'questions');
    expect(questions[0]?.text).toBe('Does it show this: an apple?');
  });

  test('is missing where it is empty', () => {
    expect(fields(renderQuestions([quoting], scopeOf({}, ''), 'questions').problems)).toEqual(['brief']);
  });
});

describe('warnings', () => {
  test.each([
    'How many pears are there?',
    'Are there four pears?',
    'Does it show exactly 3 apples?',
    'Are there {{ count }} {{ item }}?',
    'Is the number of wheels right?',
  ])('"%s" asks for a number', (text) => {
    expect(report(question({ text })).warnings).toEqual([expect.stringContaining('open_count')]);
  });

  test.each([
    'Is there one pear?',
    'Is it 16:9?',
    'Is it turned by 45 degrees?',
    'Is the third pear red?',
    'Is it a {{ item }}?',
    'Does it read "SALE 2026"?',
  ])('"%s" does not', (text) => {
    expect(report(question({ text })).warnings).toEqual([]);
  });

  test('a number that is counted openly, or measured, is well asked for', () => {
    const check = { kind: 'object_count', parameters: { count: 4 } };
    expect(report(question({ text: 'Are there four pears?', check })).warnings).toEqual([]);
    expect(report(count('4')).warnings).toEqual([]);
  });

  test('a twin that is not asked, or is no opposite, looks wrong', () => {
    const twin = { negatedText: 'Is it bad?' };
    expect(report(question(twin)).warnings).toEqual([]);
    expect(report(question({ ...twin, check: { kind: 'not_blank' } })).warnings).toHaveLength(1);
    expect(report(question({ negatedText: 'is it good?' })).warnings).toHaveLength(1);
  });
});
