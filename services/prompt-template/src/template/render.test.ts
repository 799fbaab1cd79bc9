import { BriefSchema } from '@atelier/protos/atelier/prompt/v1/prompt_pb.ts';
import { TemplateContentSchema } from '@atelier/protos/atelier/prompt/v1/template_pb.ts';
import { create, fromJson, type JsonObject } from '@bufbuild/protobuf';
import { describe, expect, test } from '@jest/globals';
import { assemble } from './assemble.ts';
import { compileTemplate } from './compile.ts';
import { renderTemplate, renderWords } from './render.ts';

const variables = [
  { name: 'item', required: true },
  { name: 'colour' },
  { name: 'tags', type: 'VARIABLE_TYPE_LIST' },
];

function compiled(json: JsonObject) {
  const { compiled: template, problems } = compileTemplate(
    fromJson(TemplateContentSchema, { variables, ...json }),
  );
  if (template === undefined) throw new Error(JSON.stringify(problems));
  return template;
}

const brief = (given: JsonObject, style: Record<string, string> = {}) =>
  create(BriefSchema, { input: { case: 'variables', value: given }, style });
const wordsBrief = (value: string, style: Record<string, string> = {}) =>
  create(BriefSchema, { input: { case: 'prompt', value }, style });

function textOf(json: JsonObject, given: JsonObject, style: Record<string, string> = {}, dialect = '') {
  const { rendering, problems } = renderTemplate(compiled(json), brief(given, style), { dialect });
  if (rendering === undefined) throw new Error(JSON.stringify(problems));
  return assemble(rendering, { maxChars: 0, negativePrompt: true }).text;
}

const body = 'A {{ colour }} {{ item }}, {{ style.lighting }}';
const styleDefaults = [
  { name: 'lighting', value: 'soft light' },
  { name: 'background', value: 'on white' },
];

describe('a template', () => {
  test('mends what an optional variable leaves empty', () => {
    expect(
      textOf({ body: 'A {{ colour }} {{ item }} , {{ tags }}, "a  {{ item }} ,b"' }, { item: 'cup' }),
    ).toBe('A cup, "a  cup ,b".');
  });

  test('writes lists with commas', () => {
    expect(textOf({ body: '{{ item }}: {{ tags }}' }, { item: 'x', tags: ['a', 'b'] })).toBe('x: a, b.');
  });

  test('takes values as data, not as templates', () => {
    expect(textOf({ body: '{{ item }}' }, { item: '{{ colour }}{% if %}' })).toBe('{{ colour }}{% if %}.');
  });

  test('sends no control characters that a template holds', () => {
    const json = {
      body: 'A {{ item }}\u001b[31m\u202e',
      styleDefaults: [{ name: 'light', value: 'soft\u0007 light' }],
    };
    expect(textOf(json, { item: 'cup' })).toBe('A cup [31m, soft  light.');
  });

  test('adds the styles that its body does not name', () => {
    expect(textOf({ body, styleDefaults }, { item: 'cup' })).toBe('A cup, soft light, on white.');
  });

  test('has its styles overridden one by one, and taken away by an empty value', () => {
    const text = (style: Record<string, string>) => textOf({ body, styleDefaults }, { item: 'cup' }, style);
    expect(text({ lighting: 'hard light' })).toBe('A cup, hard light, on white.');
    expect(text({ background: '' })).toBe('A cup, soft light.');
    expect(text({ lighting: '', background: 'on slate' })).toBe('A cup, on slate.');
    expect(text({ framing: 'close-up' })).toBe('A cup, soft light, on white, close-up.');
  });

  test('speaks the dialect of the model where it has one', () => {
    const dialects = [{ dialect: 'tags', body: '{{ item }}, {{ colour }}' }];
    const given = { item: 'cup', colour: 'red' };
    expect(textOf({ body, styleDefaults, dialects }, given, {}, 'tags')).toBe(
      'cup, red, soft light, on white.',
    );
    expect(textOf({ body, styleDefaults, dialects }, given, {}, 'short')).toBe(
      'A red cup, soft light, on white.',
    );
  });

  test('adds required terms that the text lacks, whatever the case', () => {
    const requiredTerms = ['{{ item }}', 'Fresh', 'fresh', ''];
    expect(textOf({ body: 'a CUP', requiredTerms }, { item: 'cup' })).toBe('a CUP. Include Fresh.');
  });

  test('gives the values that questions are rendered over', () => {
    const { rendering } = renderTemplate(
      compiled({
        body: '{{ brief }}',
        variables: [{ name: 'count', type: 'VARIABLE_TYPE_NUMBER', defaultValue: 2 }],
        styleDefaults,
      }),
      wordsBrief(' two cups '),
    );
    expect(rendering?.variables).toEqual({
      count: 2,
      brief: 'two cups',
      style: { lighting: 'soft light', background: 'on white' },
    });
  });

  test('refuses words that it would lose', () => {
    const { problems } = renderTemplate(compiled({ body, styleDefaults }), wordsBrief('a cup'));
    expect(problems?.map(({ field }) => field)).toEqual(['brief.variables["item"]', 'brief.prompt']);
  });

  test.each([
    ['{% for i in (1..99999999) %}{{ i }}{% endfor %}', /memory alloc limit/],
    ['{% if item == "x" %}{% assign z = 1 %}{% endif %}{{ z }}', /undefined variable: z/],
  ])('that fails on the values says so: %s', (failing, description) => {
    const { problems } = renderTemplate(compiled({ body: failing }), brief({ item: 'cup' }));
    expect(problems).toEqual([{ field: 'brief', description: expect.stringMatching(description) }]);
  });
});

describe('what is to be avoided', () => {
  const rendering = () =>
    renderTemplate(
      compiled({ body: 'a cup', negativePrompt: 'text, {{ item }} handles' }),
      brief({ item: 'cup' }),
    ).rendering;

  test('goes beside the text for a model with a field for it', () => {
    const found = rendering();
    expect(found && assemble(found, { maxChars: 0, negativePrompt: true })).toMatchObject({
      text: 'a cup.',
      negative: 'text, cup handles',
    });
  });

  test('goes into the text for a model without', () => {
    const found = rendering();
    expect(found && assemble(found, { maxChars: 0, negativePrompt: false })).toMatchObject({
      text: 'a cup. Avoid: text, cup handles.',
      negative: '',
    });
  });
});

test("a brief in the caller's own words is the prompt, with its styles", () => {
  const rendering = renderWords(wordsBrief('  a cup  on a table', { light: 'hard light', mood: '' }));
  expect(assemble(rendering, { maxChars: 0, negativePrompt: true }).text).toBe(
    'a cup on a table, hard light.',
  );
});
