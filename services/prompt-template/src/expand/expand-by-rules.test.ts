import { BriefSchema } from '@atelier/protos/atelier/prompt/v1/prompt_pb.ts';
import { TemplateContentSchema } from '@atelier/protos/atelier/prompt/v1/template_pb.ts';
import { create, fromJson, type JsonObject } from '@bufbuild/protobuf';
import { describe, expect, test } from '@jest/globals';
import { compileTemplate } from '../template/compile.ts';
import { renderTemplate, renderWords } from '../template/render.ts';
import { addedClauses } from './expand-by-rules.ts';

const example = (item: string, count: number, prompt: string) => ({ variables: { item, count }, prompt });

function added(examples: JsonObject[], given: JsonObject, body = '{{ count }} {{ item }}'): string[] {
  const content = fromJson(TemplateContentSchema, {
    body,
    variables: [
      { name: 'item', required: true },
      { name: 'count', type: 'VARIABLE_TYPE_NUMBER', defaultValue: 1 },
    ],
    examples,
  });
  const { compiled } = compileTemplate(content);
  const brief = create(BriefSchema, { input: { case: 'variables', value: given } });
  const rendering = compiled && renderTemplate(compiled, brief).rendering;
  if (rendering === undefined) throw new Error('it does not render');
  return addedClauses({ rendering, template: content, styleNames: [], words: '' });
}

describe('a template', () => {
  const row = example('plums', 2, '2 plums, side by side, soft light, on slate, seen from above');

  test('takes how its nearest example is made, and nothing of what is in it', () => {
    const near = example('pears', 3, '3 green pears in a row, hard light, pears apart');
    expect(added([near, row], { item: 'plums', count: 4 })).toEqual([
      'side by side',
      'soft light',
      'seen from above',
    ]);
    expect(added([near, row], { item: 'pears', count: 3 })).toEqual(['hard light']);
  });

  test('is silent on topics that it speaks of itself', () => {
    const body = '{{ count }} {{ item }}, backlit, centred';
    expect(added([row], { item: 'figs', count: 2 }, body)).toEqual(['side by side']);
  });

  test('learns nothing about one thing from several', () => {
    expect(added([row], { item: 'plum', count: 1 })).toEqual([]);
  });
});

describe("a brief in the caller's own words", () => {
  const addedTo = (words: string, style: Record<string, string> = {}) => {
    const brief = create(BriefSchema, { input: { case: 'prompt', value: words }, style });
    const styleNames = Object.keys(style);
    return addedClauses({ rendering: renderWords(brief), template: undefined, styleNames, words });
  };

  test.each([
    ['three apples', {}, ['centred in the frame', 'soft, even lighting']],
    ['three apples at sunset', {}, ['centred in the frame']],
    ['close-up of an apple, backlit', {}, []],
    ['three apples', { lighting: '' }, ['centred in the frame']],
    ['three apples', { framing: 'wide shot' }, ['soft, even lighting']],
    ['three apples', { mood: 'harsh shadows' }, ['centred in the frame']],
  ])('%s with %j gets %j', (words, style, clauses) => {
    expect(addedTo(words, style as Record<string, string>)).toEqual(clauses);
  });
});
