import { BriefSchema } from '@atelier/protos/atelier/prompt/v1/prompt_pb.ts';
import { TemplateContentSchema } from '@atelier/protos/atelier/prompt/v1/template_pb.ts';
import { create, fromJson, type JsonObject } from '@bufbuild/protobuf';
import { describe, expect, test } from '@jest/globals';
import { assemble } from './assemble.ts';
import { compileTemplate } from './compile.ts';
import { type Rendering, renderTemplate, renderWords } from './render.ts';
import { requirementsOf, unmet } from './requirements.ts';

const content = fromJson(TemplateContentSchema, {
  body: '{{ count }} {{ item }}, {{ scene }}, with {{ props }}, {{ ground }} ground{% if line %}, text "{{ line }}"{% endif %}',
  negativePrompt: '{{ hidden }}',
  variables: [
    { name: 'item', required: true },
    { name: 'count', type: 'VARIABLE_TYPE_NUMBER', defaultValue: 3 },
    { name: 'props', type: 'VARIABLE_TYPE_LIST' },
    { name: 'ground', type: 'VARIABLE_TYPE_ENUM', values: ['red', 'linen'], defaultValue: 'linen' },
    { name: 'scene' },
    { name: 'line' },
    { name: 'hidden' },
    { name: 'like', type: 'VARIABLE_TYPE_IMAGE' },
  ],
});
const image = 'images/0192f0c0-0000-7000-8000-000000000001';

const plainOf = (rendering: Rendering, maxChars = 0) =>
  assemble(rendering, { maxChars, negativePrompt: true }).text;

function lost(given: JsonObject, text: string): string[] {
  const { compiled } = compileTemplate(content);
  const brief = create(BriefSchema, { input: { case: 'variables', value: { item: 'pears', ...given } } });
  const rendering = compiled && renderTemplate(compiled, brief).rendering;
  if (rendering === undefined) throw new Error('it does not render');
  return unmet(text, requirementsOf(rendering, content.variables, plainOf(rendering)));
}

describe('what a template renders of a brief', () => {
  test.each<[JsonObject, string]>([
    [{}, '3 pears on linen'],
    [{}, 'On a linen ground, three Pears.'],
    [{ count: 2 }, 'a pair of pears, linen'],
    [{ props: ['a bowl', 'mint'] }, 'Three pears in a bowl, mint beside them, on linen'],
    [{ like: image }, '3 pears on linen'],
    [{ hidden: 'worms' }, '3 pears on linen'],
    [{ line: 'FRESH, now' }, '3 pears on linen under the words “FRESH, now”'],
    [{ item: 'Birnen' }, 'three BIRNEN on linen'],
  ])('with %j, %j drops nothing', (given, text) => {
    expect(lost(given, text)).toEqual([]);
  });

  test.each<[JsonObject, string, string[]]>([
    [{}, 'pears on a table', ['count: 3, as a numeral or as an English word', 'ground: linen']],
    [{ item: 'figs' }, '3 fruits on linen', ['item: figs']],
    [{ ground: 'red' }, '3 pears, rendered well', ['ground: red']],
    [{ props: ['a bowl', 'mint'] }, '3 pears on linen with mint', ['props: a bowl']],
    [
      { line: 'FRESH, now' },
      '3 pears on linen, the words "Fresh, now"',
      ['the lettering "FRESH, now", in double quotes and letter by letter'],
    ],
    [
      { line: 'FRESH' },
      '3 pears on linen, very FRESH',
      ['the lettering "FRESH", in double quotes and letter by letter'],
    ],
  ])('with %j, %j drops %j', (given, text, dropped) => {
    expect(lost(given, text)).toEqual(dropped);
  });

  test('a long description may be said in other words, and not left out', () => {
    const scene =
      'a family of four has breakfast on a sunny terrace above the sea, with croissants, coffee and a sleeping dog';
    const kept =
      '3 pears on linen, in the foreground of a family breakfast for four: sunny terrace, sea below, croissants, coffee, a dog';
    expect(lost({ scene }, kept)).toEqual([]);
    expect(lost({ scene }, '3 pears on linen in a kitchen')).toEqual([`scene: ${scene}`]);
  });

  test('a long description in a script without spaces is compared piece by piece', () => {
    const scene = '一家四口在阳光明媚的海边露台上吃早餐桌上有羊角面包和咖啡旁边睡着一只金毛犬'.repeat(3);
    expect(lost({ scene }, `3 pears on linen ${scene}`)).toEqual([]);
    expect(lost({ scene }, '3 pears on linen 厨房')).toEqual([`scene: ${scene}`]);
  });
});

test("of a caller's own words only the lettering is asked for", () => {
  const brief = create(BriefSchema, { input: { case: 'prompt', value: 'two signs, "OPEN" and "5"' } });
  const rendering = renderWords(brief);
  const requirements = requirementsOf(rendering, [], plainOf(rendering));
  expect(unmet('A pair of signs: "OPEN", "5"', requirements)).toEqual([]);
  expect(unmet('A pair of signs: "OPEN"', requirements)).toEqual([
    'the lettering "5", in double quotes and letter by letter',
  ]);
});

test('what the template has no room for in the limit of the model is not asked for', () => {
  const brief = create(BriefSchema, {
    input: { case: 'variables', value: { item: 'pears', props: ['mint'] } },
  });
  const { compiled } = compileTemplate(content);
  const rendering = compiled && renderTemplate(compiled, brief).rendering;
  if (rendering === undefined) throw new Error('it does not render');
  const plain = plainOf(rendering, 20);
  expect(plain).toBe('3 pears, with mint.');
  expect(unmet('x', requirementsOf(rendering, content.variables, plain))).toEqual([
    'item: pears',
    'count: 3, as a numeral or as an English word',
    'props: mint',
  ]);
});
