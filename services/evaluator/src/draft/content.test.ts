import { VariableSchema, VariableType } from '@atelier/protos/atelier/prompt/v1/template_pb.ts';
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { expect, test } from '@jest/globals';
import { contentFaults, toQuestion } from './content.ts';
import type { DraftedQuestion } from './drafted-question.ts';
import { DraftVariables } from './variables.ts';

const good: DraftedQuestion = {
  id: 'a',
  text: 'Is there an apple?',
  category: 'object',
  dependsOn: [],
  required: true,
  answeredBy: 'look',
  counted: '',
  expected: '',
  quoted: '',
};
const count = { answeredBy: 'count', category: 'count', counted: 'apples', expected: '3' } as const;
const text = {
  answeredBy: 'text',
  category: 'text',
  text: 'Does it say "SUMMER SALE"?',
  quoted: 'SUMMER SALE',
} as const;

const variable = (name: string, type: VariableType, more: MessageInitShape<typeof VariableSchema> = {}) =>
  create(VariableSchema, { ...more, name, type });
const declared = [
  variable('item', VariableType.TEXT),
  variable('count', VariableType.NUMBER),
  variable('mood', VariableType.ENUM, { values: ['merry', 'solemn'] }),
  variable('ground', VariableType.TEXT),
  variable('tags', VariableType.LIST),
  variable('photo', VariableType.IMAGE),
  variable('headline', VariableType.TEXT),
  create(VariableSchema, { name: 'size', defaultValue: { kind: { case: 'numberValue', value: 2 } } }),
];
const values = {
  item: 'apples',
  count: '3',
  mood: 'gloomy',
  tags: 'a, b',
  photo: 'images/1',
  headline: 'SUMMER SALE',
  stranger: 'x',
};
const brief = 'Three apples under the words\n"SUMMER  SALE"';
const setting = { brief, variables: new DraftVariables(declared, values) };
const plain = { brief, variables: new DraftVariables([], {}) };

const faults = (change: Partial<DraftedQuestion>, under = setting) =>
  contentFaults({ ...good, ...change }, under);

test.each<[string, Partial<DraftedQuestion>]>([
  ['a question to look at', {}],
  ['a count', count],
  ['words to be read', text],
  [
    'words over two lines of the brief',
    { ...text, quoted: 'words "SUMMER SALE"', text: 'Does it say \'words "SUMMER SALE"\'?' },
  ],
  ['another word for a category', { category: 'Color' }],
  ['a variable', { text: 'Is the subject {{ item }}?' }],
  ['a variable with a default', { text: 'Is it of size {{size}}?' }],
  [
    'a count of variables',
    { ...count, text: 'Are there {{ count }} {{ item }}?', counted: '{{ item }}', expected: '{{ count }}' },
  ],
  ['words of a variable', { ...text, text: 'Does it say "{{ headline }}"?', quoted: '{{ headline }}' }],
])('%s may stand in a rubric', (_, change) => {
  expect(faults(change)).toEqual([]);
});

test.each<[string, Partial<DraftedQuestion>, string]>([
  ['no text', { text: '' }, 'it has no text'],
  ['what is not atomic', { text: 'Is it red and round?' }, 'it asks more than one thing'],
  ['a category of its own', { category: 'beauty' }, 'its category must be one of object, detail,'],
  ['a category of the prototype', { category: 'constructor' }, 'its category must be one of'],
  ['too long a text', { text: `Is it ${'x'.repeat(1_020)}?` }, 'it has more than 1024 characters'],
  ['nothing that is counted', { ...count, counted: '' }, 'it does not say what is counted'],
  [
    'a number in words',
    { ...count, expected: 'three' },
    'the number that is expected must be digits, from 1 to 1000',
  ],
  ['none', { ...count, expected: '0' }, 'the number that is expected must be digits, from 1 to 1000'],
  ['too many', { ...count, expected: '1001' }, 'the number that is expected must be digits, from 1 to 1000'],
  [
    'a number that is words with this brief',
    { ...count, expected: '{{ item }}' },
    'the number that is expected must be digits',
  ],
  ['no words', { ...text, quoted: '' }, 'it does not say which words are to be read'],
  ['words that are a page', { ...text, quoted: 'x'.repeat(201) }, 'must have at most 200 characters'],
  [
    'words that the text has not',
    { ...text, text: 'Does it say "WINTER SALE"?' },
    'it does not quote the words to be read',
  ],
  [
    'words without quotation marks',
    { ...text, text: 'Does it say SUMMER SALE?' },
    'it does not quote the words to be read',
  ],
  [
    'words that the brief has not',
    { ...text, quoted: 'Summer Sale', text: 'Does it say "Summer Sale"?' },
    'the brief has not these words, letter for letter',
  ],
  [
    'an unknown variable',
    { text: 'Is it {{ stranger }}?' },
    'it uses the variable stranger, which no template declares',
  ],
  ['a list', { text: 'Is it {{ tags }}?' }, 'it uses tags, which is a list'],
  ['an image', { text: 'Is it {{ photo }}?' }, 'it uses photo, which is an image'],
  [
    'a variable without a value',
    { text: 'Is it {{ ground }}?' },
    'it uses ground, to which the brief gives no value',
  ],
  [
    'a variable with a value that it does not take',
    { text: 'Is it {{ mood }}?' },
    'it uses mood, to which the brief gives no value',
  ],
  ['a filter', { text: 'Is it {{ item | upcase }}?' }, 'it has braces that are not {{ name }}'],
  ['a tag', { text: 'Is it {% if item %}red{% endif %}?' }, 'it has braces that are not {{ name }}'],
  ['broken braces', { text: 'Is it {{ item }?' }, 'it has braces that are not {{ name }}'],
  [
    'an unknown variable in a count',
    { ...count, counted: '{{ stranger }}' },
    'it uses the variable stranger',
  ],
  ['an unknown variable in words', { ...text, quoted: '{{ stranger }}' }, 'it uses the variable stranger'],
])('%s may not', (_, change, fault) => {
  expect(faults(change).join(' | ')).toContain(fault);
});

test('without a template there are no variables', () => {
  expect(faults({ text: 'Is it {{ item }}?' }, plain).join()).toContain('which no template declares');
});

test('a question of a rubric says how it is answered', () => {
  expect(toQuestion({ ...good, ...count, dependsOn: ['b'] })).toMatchObject({
    id: 'a',
    required: true,
    dependsOn: ['b'],
    category: 'count',
    openCount: { of: 'apples', expected: '3', tolerance: 0 },
  });
  expect(toQuestion({ ...good, ...text, required: false })).toMatchObject({
    required: false,
    check: { kind: 'text_present', parameters: { text: 'SUMMER SALE', mode: 'exact' } },
  });
  expect(toQuestion({ ...good, category: 'Entity' }).category).toBe('object');
});
