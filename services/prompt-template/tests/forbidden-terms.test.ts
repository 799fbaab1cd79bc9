import { CostBasis } from '@atelier/protos/atelier/common/v1/money_pb.ts';
import { TemplateContentSchema } from '@atelier/protos/atelier/prompt/v1/template_pb.ts';
import { Code } from '@atelier/rpc';
import { fromJson, type JsonObject } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Harness, startHarness } from './harness.ts';

let harness: Harness;
const template = 'templates/shelf';
const call = () => harness.as('teams/a');
beforeAll(async () => {
  harness = await startHarness();
  const content = fromJson(TemplateContentSchema, {
    body: '{{ item }} by the window, {{ style.finish }}',
    negativePrompt: 'acme',
    variables: [{ name: 'item', required: true }],
    styleDefaults: [
      { name: 'finish', value: 'glossy like ACME' },
      { name: 'light', value: 'soft light' },
    ],
    examples: [
      { variables: { item: 'cups' }, prompt: 'cups, side by side, on an acme table' },
      { variables: { item: 'mugs' }, prompt: 'mugs, seen from above, sharp' },
    ],
    forbiddenTerms: ['blood'],
  });
  await harness.templates.createTemplate({ templateId: 'shelf', content }, call());
});
afterAll(async () => harness[Symbol.asyncDispose]());

const forbiddenTerms = ['Acme', ' acme ', 'ivory'];
const brief = (value: JsonObject, style: Record<string, string> = {}) => ({
  input: { case: 'variables' as const, value },
  style,
});
const words = (value: string, style: Record<string, string> = {}) => ({
  input: { case: 'prompt' as const, value },
  style,
});

describe('terms that organisation and project forbid', () => {
  test('take styles and examples of the template out, with a warning', async () => {
    const request = { template, brief: brief({ item: 'cups' }), forbiddenTerms };
    const left =
      'The style default finish of the template was left out, since it holds the forbidden term “Acme”.';
    expect(await harness.prompts.renderPrompt(request, call())).toMatchObject({
      prompt: { text: 'cups by the window, soft light.', negativePrompt: 'acme' },
      variables: { style: { finish: '', light: 'soft light' } },
      warnings: [left],
    });
    // The nearest example is gone, so that the next is learnt from.
    expect(await harness.prompts.expandPrompt(request, call())).toMatchObject({
      prompt: { text: 'cups by the window, soft light, seen from above, sharp.' },
      warnings: [left, '1 example of the template was left out, since it holds a forbidden term.'],
    });
    const free = { template, brief: brief({ item: 'cups' }) };
    expect((await harness.prompts.expandPrompt(free, call())).prompt?.text).toBe(
      'cups by the window, glossy like ACME, soft light, side by side.',
    );
  });

  test.each([
    [{ template, brief: brief({ item: 'an ivory box' }) }, ['brief.variables["item"]']],
    [{ template, brief: brief({ item: 'ｉｖｏｒｙ' }) }, ['brief.variables["item"]']],
    [{ template, brief: brief({ item: 'blood' }) }, ['brief.variables["item"]']],
    [{ template, brief: brief({ item: 'box' }, { mood: 'acme-like' }) }, ['brief.style["mood"]']],
    [{ brief: words('a box of ivory', { light: 'ivory' }) }, ['brief.prompt', 'brief.style["light"]']],
  ])('refuse %j that brings one in', async (request, fields) => {
    for (const method of ['renderPrompt', 'expandPrompt'] as const) {
      const error = await harness.prompts[method]({ ...request, forbiddenTerms }, call()).catch(
        (thrown) => thrown,
      );
      expect(error).toMatchObject({ code: Code.INVALID_ARGUMENT, reason: 'VARIABLE_INVALID' });
      expect(error.fieldViolations.map(({ field }: { field: string }) => field)).toEqual(fields);
    }
  });

  test('refuse a template whose own text holds one', async () => {
    const request = { template, brief: brief({ item: 'cups' }), forbiddenTerms: ['window'] };
    await expect(harness.prompts.renderPrompt(request, call())).rejects.toMatchObject({
      code: Code.INVALID_ARGUMENT,
      reason: 'TEMPLATE_INVALID',
      fieldViolations: [{ field: 'template', description: 'holds the forbidden term "window"' }],
    });
  });

  test('stay out of rewrites, and of instructions to edit', async () => {
    const refine = (more: object) =>
      harness.prompts.refinePrompt(
        {
          template,
          brief: brief({ item: 'cups' }),
          prompt: { text: 'cups by the window.' },
          failed: [
            { questionId: 'box', question: 'Is there an ivory box?', critique: 'Show an ivory box.' },
            { questionId: 'focus', check: 'sharpness' },
          ],
          forbiddenTerms,
          ...more,
        },
        call(),
      );
    for (const edit of [false, true]) {
      const refined = await refine({ edit });
      expect(refined.prompt?.text).toContain('Sharp focus throughout');
      expect(refined.prompt?.text).not.toMatch(/ivory/i);
      expect(refined.warnings).toContain(
        'Nothing is asked for box: the wording would hold a forbidden term.',
      );
    }
    const holding = refine({ prompt: { text: 'cups by the window, on an Acme shelf.' } });
    await expect(holding).rejects.toMatchObject({
      reason: 'CANNOT_REFINE',
      message: 'The rewrite holds what is forbidden: Acme.',
    });
  });
});

describe('the rules', () => {
  const failed = [{ questionId: 'focus', check: 'sharpness' }];

  test('cost a known zero, which is said before and after', async () => {
    const zero = { microUsd: 0n, basis: CostBasis.ESTIMATED };
    const request = { template, brief: brief({ item: 'cups' }) };
    expect((await harness.prompts.renderPrompt(request, call())).writerEstimate).toMatchObject(zero);
    expect((await harness.prompts.expandPrompt(request, call())).estimate).toMatchObject(zero);
    const refined = await harness.prompts.refinePrompt(
      { ...request, prompt: { text: 'cups' }, failed },
      call(),
    );
    expect(refined.estimate).toMatchObject(zero);
  });

  test('instruct an editor, and go back to the prompt when the picture is made anew', async () => {
    const request = { template, brief: brief({ item: 'cups' }), failed };
    const first = { text: 'cups by the window, soft light.', writer: 'rules@1' };
    const edited = await harness.prompts.refinePrompt({ ...request, prompt: first, edit: true }, call());
    expect(edited.prompt).toMatchObject({
      text:
        'Edit the picture so that this is right: Sharp focus throughout, with crisp edges and no blur. ' +
        'Keep everything else in the picture exactly as it is.',
      writer: 'rules@1/edit',
    });
    const instruction = edited.prompt ?? first;
    const history = [{ prompt: first, failedQuestionIds: ['focus'] }];
    const anew = await harness.prompts.refinePrompt({ ...request, prompt: instruction, history }, call());
    expect(anew.prompt).toMatchObject({
      text: expect.stringMatching(/^cups by the window, soft light\. Sharp focus throughout/),
      writer: 'rules@1',
    });
    // Without a history there is still what the template says.
    const alone = await harness.prompts.refinePrompt({ ...request, prompt: instruction }, call());
    expect(alone.prompt?.text).toMatch(/^cups by the window, glossy like ACME, soft light\. Sharp focus/);
  });
});
