import { CostBasis, UsageKind } from '@atelier/protos/atelier/common/v1/money_pb.ts';
import { type Prompt, PromptSchema } from '@atelier/protos/atelier/prompt/v1/prompt_pb.ts';
import { TemplateContentSchema } from '@atelier/protos/atelier/prompt/v1/template_pb.ts';
import { Code } from '@atelier/rpc';
import { create, fromJson, type JsonObject } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Harness, startHarness } from './harness.ts';

let harness: Harness;
const template = 'templates/cutout';
const call = () => harness.as('teams/a');

beforeAll(async () => {
  harness = await startHarness();
  const content = fromJson(TemplateContentSchema, {
    body: '{{ count }} {{ item }}, {{ style.background }}',
    negativePrompt: 'text, {{ item }} peel',
    variables: [
      { name: 'item', required: true },
      { name: 'count', type: 'VARIABLE_TYPE_NUMBER', defaultValue: 1 },
    ],
    styleDefaults: [
      { name: 'background', value: 'on white' },
      { name: 'lighting', value: 'soft light' },
    ],
    examples: [{ variables: { item: 'figs', count: 2 }, prompt: '2 figs, side by side, hard light, sharp' }],
    requiredTerms: ['{{ item }}'],
    forbiddenTerms: ['blood'],
    dialects: [{ dialect: 'tags', body: '{{ item }}, {{ count }}' }],
  });
  await harness.templates.createTemplate({ templateId: 'cutout', content }, call());
});
afterAll(async () => harness[Symbol.asyncDispose]());

const variables = (value: JsonObject, style: Record<string, string> = {}) => ({
  input: { case: 'variables' as const, value },
  style,
});
const words = (value: string) => ({ input: { case: 'prompt' as const, value } });

describe('RenderPrompt', () => {
  test('renders a template for a model', async () => {
    const brief = variables({ item: 'pears', count: '3' }, { lighting: 'backlit' });
    const rendered = await harness.prompts.renderPrompt({ template, brief }, call());
    expect(rendered).toMatchObject({
      prompt: {
        text: '3 pears, on white, backlit.',
        negativePrompt: 'text, pears peel',
        writer: 'template',
        templateVersion: 'templates/cutout/versions/1',
      },
      variables: { item: 'pears', count: 3, style: { background: 'on white', lighting: 'backlit' } },
      requiredTerms: ['pears'],
    });
    const target = { model: 'models/m', dialect: 'tags', maxChars: 30, negativePrompt: false };
    const short = await harness.prompts.renderPrompt({ template, brief, target }, call());
    expect(short.prompt?.text).toBe('pears, 3, on white, backlit.');
  });

  test('says what it left out for the limit of the model, and what it added', async () => {
    const brief = variables({ item: 'pears' }, { lighting: 'backlit' });
    const target = { maxChars: 20, negativePrompt: true };
    const rendered = await harness.prompts.renderPrompt({ template, brief, target }, call());
    expect(rendered).toMatchObject({
      prompt: { text: '1 pears, on white.' },
      warnings: [
        '1 clause (9 characters) was left out of the prompt to keep its limit of 20 characters: “backlit”.',
      ],
    });
    const expanded = await harness.prompts.expandPrompt({ template, brief, target }, call());
    expect(expanded.warnings).toEqual(rendered.warnings);
    const whole = await harness.prompts.renderPrompt({ template, brief }, call());
    expect(whole.warnings).toEqual([]);
    const prompt = { text: 'An orchard.' };
    const failed = [{ questionId: 'q', check: 'sharpness' }];
    const refined = await harness.prompts.refinePrompt(
      { template, brief, prompt, failed, requiredTerms: ['pears'] },
      call(),
    );
    expect(refined.warnings).toEqual([
      'The prompt did not say what is required of it, so it was added at the end: “pears”.',
    ]);
  });

  test("gives a brief in the caller's own words back as it is", async () => {
    const rendered = await harness.prompts.renderPrompt({ brief: words('A cup ') }, call());
    expect(rendered).toMatchObject({
      prompt: { text: 'A cup.', writer: 'brief' },
      variables: { brief: 'A cup' },
    });
  });

  test.each([
    [{ template: 'templates/none', brief: words('x') }, Code.NOT_FOUND, 'NOT_FOUND', []],
    [{ template: `${template}/versions/9`, brief: words('x') }, Code.NOT_FOUND, 'NOT_FOUND', []],
    [{ template: 'models/x', brief: words('x') }, Code.INVALID_ARGUMENT, 'INVALID_FIELD', ['template']],
    [{ brief: variables({ item: 'x' }) }, Code.INVALID_ARGUMENT, 'INVALID_FIELD', ['template']],
    [{ template }, Code.INVALID_ARGUMENT, 'INVALID_FIELD', ['brief']],
    [{ brief: words('  ') }, Code.INVALID_ARGUMENT, 'VARIABLE_INVALID', ['brief.prompt']],
    [{ brief: words('a\u0007') }, Code.INVALID_ARGUMENT, 'VARIABLE_INVALID', ['brief.prompt']],
    [
      { template, brief: variables({ colour: 'red', count: 'x' }) },
      Code.INVALID_ARGUMENT,
      'VARIABLE_INVALID',
      ['brief.variables["colour"]', 'brief.variables["item"]', 'brief.variables["count"]'],
    ],
    [
      { template, brief: words('a pear') },
      Code.INVALID_ARGUMENT,
      'VARIABLE_INVALID',
      ['brief.variables["item"]', 'brief.prompt'],
    ],
    [
      { template, brief: variables({ item: 'blood oranges' }) },
      Code.INVALID_ARGUMENT,
      'VARIABLE_INVALID',
      ['brief.variables["item"]'],
    ],
    [
      { template, brief: variables({ item: 'a very long name' }), target: { maxChars: 10 } },
      Code.INVALID_ARGUMENT,
      'INVALID_FIELD',
      ['target.max_chars'],
    ],
  ])('%j is refused', async (request, code, reason, fields) => {
    const error = await harness.prompts.renderPrompt(request, call()).catch((thrown) => thrown);
    expect(error).toMatchObject({ code, reason });
    expect(error.fieldViolations.map(({ field }: { field: string }) => field)).toEqual(fields);
  });

  test("knows nothing of another team's template", async () => {
    const answer = harness.prompts.renderPrompt(
      { template, brief: variables({ item: 'x' }) },
      harness.as('teams/b'),
    );
    await expect(answer).rejects.toMatchObject({ code: Code.NOT_FOUND });
  });
});

describe('ExpandPrompt', () => {
  test('adds how the nearest example is made, and says what it cost', async () => {
    const brief = variables({ item: 'pears', count: 3 });
    const expanded = await harness.prompts.expandPrompt({ template, brief }, call());
    expect(expanded).toMatchObject({
      prompt: { text: '3 pears, on white, soft light, side by side, sharp.', writer: 'rules@1' },
      requiredTerms: ['pears'],
      usage: [
        {
          kind: UsageKind.EXPAND,
          model: 'llms/rules@1',
          priceVersion: 'builtin@1',
          cost: { microUsd: 0n, basis: CostBasis.ACTUAL },
        },
      ],
    });
  });

  test('says how a picture is framed and lit where a free brief does not', async () => {
    const expanded = await harness.prompts.expandPrompt({ brief: words('a cup') }, call());
    expect(expanded.prompt?.text).toBe('a cup, centred in the frame, soft, even lighting.');
  });
});

describe('RefinePrompt', () => {
  const failed = [
    {
      questionId: 'count',
      question: 'Are there exactly 3 pears?',
      check: 'object_count',
      checkParameters: { count: 3 },
    },
  ];
  const refine = (prompt: Prompt, history: Prompt[], more: object = {}) =>
    harness.prompts.refinePrompt(
      {
        template,
        brief: variables({ item: 'pears', count: 3 }),
        prompt,
        failed,
        history: history.map((each) => ({ prompt: each, failedQuestionIds: ['count'] })),
        requiredTerms: ['pears'],
        ...more,
      },
      call(),
    );
  const first = create(PromptSchema, {
    text: '3 pears, on white.',
    templateVersion: `${template}/versions/1`,
  });

  test('mends until nothing is left to try', async () => {
    const history = [first];
    let error: unknown;
    while (error === undefined) {
      const last = history.at(-1) ?? first;
      const answer = await refine(last, history).catch((thrown: unknown) => {
        error = thrown;
      });
      if (answer?.prompt === undefined) break;
      expect(answer).toMatchObject({
        prompt: { writer: 'rules@1', templateVersion: `${template}/versions/1` },
        usage: [{ kind: UsageKind.REFINE, model: 'llms/rules@1' }],
      });
      expect(answer.rationale).toMatch(/^count: /);
      history.push(answer.prompt);
    }
    expect(history.map(({ text }) => text)).toEqual([
      '3 pears, on white.',
      '3 pears, on white. Exactly 3 pears, clearly separated, and nothing else in the picture.',
      '3 pears, on white. Important: exactly 3 pears, clearly separated, and nothing else in the picture.',
      'Important: count them: 3 pears in all, no more and no fewer, with clear space around each. 3 pears, on white.',
      'Above all: exactly 3 pears. 3 pears, on white.',
    ]);
    expect(error).toMatchObject({ code: Code.FAILED_PRECONDITION, reason: 'CANNOT_REFINE' });
  });

  test('is refused where no words can help', async () => {
    const answer = refine(first, [first], { failed: [{ questionId: 'size', check: 'minimum_size' }] });
    await expect(answer).rejects.toMatchObject({ reason: 'CANNOT_REFINE', message: /set by the parameters/ });
  });

  test.each([
    [{ failed: [] }, ['failed']],
    [{ prompt: { text: ' ' } }, ['prompt.text']],
    [{ prompt: undefined }, ['prompt']],
  ])('%j is refused', async (more, fields) => {
    const error = await refine(first, [first], more).catch((thrown) => thrown);
    expect(error.code).toBe(Code.INVALID_ARGUMENT);
    expect(error.fieldViolations.map(({ field }: { field: string }) => field)).toEqual(fields);
  });
});

test('without storage, calls that need a template say so, and others go on', async () => {
  await using down = await startHarness();
  await down.stopStorage();
  const brief = variables({ item: 'x' });
  const answer = down.prompts.renderPrompt({ template, brief }, down.as('teams/a'));
  await expect(answer).rejects.toMatchObject({
    code: Code.UNAVAILABLE,
    reason: 'SERVICE_UNREACHABLE',
    metadata: { service: 'storage' },
  });
  const free = await down.prompts.renderPrompt({ brief: words('a cup') }, down.as('teams/a'));
  expect(free.prompt?.text).toBe('a cup.');
});
