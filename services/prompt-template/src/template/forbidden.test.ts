import { BriefSchema } from '@atelier/protos/atelier/prompt/v1/prompt_pb.ts';
import { TemplateContentSchema } from '@atelier/protos/atelier/prompt/v1/template_pb.ts';
import { create, fromJson, type JsonObject } from '@bufbuild/protobuf';
import { describe, expect, test } from '@jest/globals';
import { assemble } from './assemble.ts';
import { compileTemplate } from './compile.ts';
import { forbiddenProblems } from './forbidden.ts';
import { renderTemplate, renderWords } from './render.ts';

const json = {
  body: '{{ item }}{{ more }}, acme style, {{ style.light }}',
  variables: [{ name: 'item', required: true }, { name: 'more' }],
  styleDefaults: [
    { name: 'light', value: 'gore light' },
    { name: 'ground', value: 'on slate' },
  ],
  negativePrompt: 'gore',
};

function rendered(given: JsonObject, forbiddenTerms: string[], style: Record<string, string> = {}) {
  const { compiled } = compileTemplate(fromJson(TemplateContentSchema, json));
  const brief = create(BriefSchema, { input: { case: 'variables', value: given }, style });
  const rendering = compiled && renderTemplate(compiled, brief, { forbiddenTerms }).rendering;
  if (rendering === undefined) throw new Error('it does not render');
  const { brief: brought, template } = forbiddenProblems(brief, rendering, compiled);
  return { rendering, fields: brought.map(({ field }) => field), template };
}

describe('a forbidden term', () => {
  test('is the fault of the value, the style or the words that hold it', () => {
    expect(rendered({ item: 'blood oranges' }, ['blood']).fields).toEqual(['brief.variables["item"]']);
    expect(rendered({ item: 'x' }, ['neon'], { light: 'neon', ground: 'neon' }).fields).toEqual([
      'brief.style["light"]',
      'brief.style["ground"]',
    ]);
    const brief = create(BriefSchema, { input: { case: 'prompt', value: 'a blood orange' } });
    expect(forbiddenProblems(brief, renderWords(brief, ['blood']), undefined).brief).toEqual([
      { field: 'brief.prompt', description: 'brings in the forbidden term "blood"' },
    ]);
  });

  test('is the fault of the template where its text holds it', () => {
    expect(rendered({ item: 'x' }, ['acme'])).toMatchObject({
      fields: [],
      template: [{ field: 'template', description: 'holds the forbidden term "acme"' }],
    });
  });

  test('is the fault of the brief as a whole where only two values together make it', () => {
    expect(rendered({ item: 'blo', more: 'od' }, ['blood']).fields).toEqual(['brief']);
  });

  test('in a style default takes that default out, in the body and behind it', () => {
    const { rendering, fields } = rendered({ item: 'x' }, ['gore', 'slate']);
    expect(fields).toEqual([]);
    expect(assemble(rendering, { maxChars: 0, negativePrompt: true })).toMatchObject({
      text: 'x, acme style.',
      negative: 'gore',
    });
    expect(rendering.variables.style).toEqual({ light: '', ground: '' });
    expect(rendering.warnings).toEqual([
      'The style default light of the template was left out, since it holds the forbidden term “gore”.',
      'The style default ground of the template was left out, since it holds the forbidden term “slate”.',
    ]);
  });
});
