import {
  describeWithSpec,
  type LanguageProtocol,
  type ScriptedReply,
  type SeenAsk,
  startLanguageServer,
} from '@atelier/testing';
import { describe, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { ModelFailure, type ModelRequest } from '../src/index.ts';
import { ANSWER, KEY, never, open, picture, request, SCHEMA } from './world.ts';

/** Asks a scripted vendor once, and gives what it saw. */
async function seen(
  protocol: LanguageProtocol,
  fields: Readonly<Record<string, string>>,
  asked: ModelRequest = request(),
  reply: ScriptedReply = { kind: 'json', json: ANSWER },
): Promise<{ ask: SeenAsk; body: Record<string, unknown>; outcome: unknown; objections: readonly string[] }> {
  await using server = await startLanguageServer(protocol, () => reply);
  const { model } = open({ BASE_URL: server.url, ...fields });
  const outcome = await model.ask(asked, never).catch((error: unknown) => error);
  const ask = server.asks[0] as SeenAsk;
  return { ask, body: ask?.body as Record<string, unknown>, outcome, objections: server.objections };
}

describe('openai', () => {
  const fields = { TYPE: 'openai', MODEL: 'gpt-4o', API_KEY: KEY };

  test('asks for chat completions with a strict schema, detailed images, and twenty alternatives', async () => {
    const parts = [await picture(20, 20), { kind: 'text' as const, text: 'Is it red?' }];
    const { body } = await seen('openai', fields, request({ parts, logProbabilities: true }));
    expect(body).toMatchObject({
      model: 'gpt-4o',
      max_tokens: 200,
      temperature: 0,
      logprobs: true,
      top_logprobs: 20,
      response_format: {
        type: 'json_schema',
        json_schema: { name: 'answers', strict: true, schema: SCHEMA },
      },
    });
    expect(JSON.stringify(body.messages)).toContain('"detail":"high"');
  });

  test('gives a model that thinks room to think, and neither temperature nor log-probabilities', async () => {
    const { body, outcome, objections } = await seen(
      'openai',
      { ...fields, MODEL: 'gpt-5-mini' },
      request({ logProbabilities: true }),
    );
    expect(objections).toEqual([]);
    expect(outcome).toMatchObject({ json: ANSWER, tokens: undefined });
    expect(body).toMatchObject({ max_completion_tokens: 200 + 4_096, reasoning_effort: 'low' });
    expect(body).not.toHaveProperty('temperature');
    expect(body).not.toHaveProperty('max_tokens');
    expect(JSON.stringify(body.messages)).toContain('"role":"developer"');
  });

  test('thinks as much as the operator says', async () => {
    const { body } = await seen('openai', { ...fields, MODEL: 'gpt-5-mini', REASONING: 'high' });
    expect(body).toMatchObject({ max_completion_tokens: 200 + 16_384, reasoning_effort: 'high' });
  });

  test('takes an account without money for what it is', async () => {
    const reply: ScriptedReply = { kind: 'status', status: 429, code: 'insufficient_quota' };
    const { outcome } = await seen('openai', fields, request(), reply);
    expect(outcome).toMatchObject({ kind: 'auth', message: expect.stringContaining('JUDGE_QWEN_API_KEY') });
  });
});

describe('openai-compatible', () => {
  const fields = { TYPE: 'openai-compatible', MODEL: 'qwen2.5vl' };

  test('sends no credential where there is none', async () => {
    const { ask, outcome } = await seen('openai', fields);
    expect(outcome).toMatchObject({ json: ANSWER });
    expect(ask.headers).not.toHaveProperty('authorization');
  });

  test('asks for as many alternatives as all servers give', async () => {
    const { body } = await seen(
      'openai',
      { ...fields, LOG_PROBABILITIES: 'on' },
      request({ logProbabilities: true }),
    );
    expect(body).toMatchObject({ logprobs: true, top_logprobs: 5 });
  });

  test('asks in words where the server holds nothing to a schema, and finds the answer among words', async () => {
    const text = `<think>Is it {red}?</think>Yes.\n\n\`\`\`json\n${JSON.stringify(ANSWER)}\n\`\`\`\nThat is all.`;
    const { ask, body, outcome } = await seen('openai', { ...fields, STRUCTURED: 'off' }, request(), {
      kind: 'text',
      text,
    });
    expect(outcome).toMatchObject({ json: ANSWER, text });
    expect(body).not.toHaveProperty('response_format');
    expect(ask.system).toMatch(/You judge pictures\.\s+Answer with one JSON object/);
  });
});

describe('anthropic', () => {
  const fields = { TYPE: 'anthropic', API_KEY: KEY };

  test('asks models that can for structured output', async () => {
    const { body } = await seen('anthropic', { ...fields, MODEL: 'claude-haiku-4-5' });
    expect(body).toMatchObject({ output_config: { format: { type: 'json_schema' } }, max_tokens: 200 });
    expect(body).not.toHaveProperty('tools');
  });

  test('has older models answer through a tool', async () => {
    const { body, outcome } = await seen('anthropic', { ...fields, MODEL: 'claude-sonnet-4-20250514' });
    expect(body).toMatchObject({
      tool_choice: { type: 'any' },
      tools: [{ name: 'json', input_schema: SCHEMA }],
    });
    expect(outcome).toMatchObject({ json: ANSWER });
  });

  test('sends the latest models no temperature, and lets them think a little', async () => {
    const { body, outcome, objections } = await seen('anthropic', { ...fields, MODEL: 'claude-sonnet-5-5' });
    expect(objections).toEqual([]);
    expect(outcome).toMatchObject({ json: ANSWER });
    expect(body).not.toHaveProperty('temperature');
    expect(body).toMatchObject({ max_tokens: 200 + 4_096, output_config: { effort: 'low' } });
  });

  test('asks one that thinks, and of which nobody knows, by a format as well: a tool could not be forced on it', async () => {
    const { body, outcome, objections } = await seen('anthropic', {
      ...fields,
      MODEL: 'ours-behind-a-proxy',
    });
    expect(objections).toEqual([]);
    expect(outcome).toMatchObject({ json: ANSWER });
    expect(body).toMatchObject({ output_config: { format: { type: 'json_schema' } } });
    expect(body).not.toHaveProperty('tools');
  });

  test('takes an account without money for what it is', async () => {
    const message = 'Your credit balance is too low to access the Anthropic API.';
    const reply: ScriptedReply = { kind: 'status', status: 400, message };
    const { outcome } = await seen('anthropic', { ...fields, MODEL: 'claude-haiku-4-5' }, request(), reply);
    expect(outcome).toMatchObject({ kind: 'auth' });
  });
});

describe('replicate', () => {
  const fields = { TYPE: 'replicate', API_KEY: KEY };

  test('puts instructions before the words of a model that takes none apart, and its one image with them', async () => {
    const parts = [await picture(20, 20), { kind: 'text' as const, text: 'Is it red?' }];
    const { ask, outcome } = await seen(
      'replicate',
      { ...fields, MODEL: 'yorickvp/llava-13b' },
      request({ parts }),
    );
    expect(outcome).toMatchObject({ json: ANSWER });
    expect(ask.system).toBe('');
    expect(ask.texts[0]).toMatch(/^You judge pictures\.[\s\S]+\[image 1\]\s+Is it red\?$/);
    expect(ask).toMatchObject({ images: [{ width: 20 }], maxOutputTokens: 200 });
  });

  test('says so where a model takes one image alone', async () => {
    const parts = [await picture(20, 20), await picture(30, 30)];
    const { ask, outcome } = await seen(
      'replicate',
      { ...fields, MODEL: 'yorickvp/llava-13b' },
      request({ parts }),
    );
    expect(ask).toBeUndefined();
    expect(outcome).toBeInstanceOf(ModelFailure);
    expect(outcome).toMatchObject({ kind: 'invalid_request', usage: [] });
    expect((outcome as Error).message).toContain('one image at a time');
  });

  test('names the version of a model that is not official, and looks until its answer is there', async () => {
    await using server = await startLanguageServer('replicate', () => ({ kind: 'json', json: ANSWER }), {
      isSlow: true,
    });
    const version = 'b'.repeat(64);
    const { model } = open({ ...fields, BASE_URL: server.url, MODEL: `lucataco/qwen2-vl:${version}` });
    expect(await model.ask(request(), never)).toMatchObject({ json: ANSWER });
    expect(server.asks[0]?.model).toBe(`versions/${version}`);
  });

  test('a prediction that nobody can cancel any more ends by itself', async () => {
    const { ask } = await seen('replicate', { ...fields, MODEL: 'openai/gpt-4o', TIMEOUT: '30s' });
    expect(ask.headers).toMatchObject({ prefer: 'wait=1', 'cancel-after': '30s' });
  });
});

interface OpenApi {
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}

/** A request that has everything. */
const everything = async () =>
  request({
    parts: [await picture(20, 20), { kind: 'text', text: 'Is it red?' }],
    logProbabilities: true,
    temperature: 0.5,
  });

describeWithSpec<OpenApi>('google-gemini-generate.subset.json', 'what Gemini is sent', (spec) => {
  test.each(['gemini-2.5-flash', 'gemini-3.5-flash'])('is of its specification (%s)', async (model) => {
    const fields = { TYPE: 'gemini', MODEL: model, API_KEY: KEY, LOG_PROBABILITIES: 'on' };
    const { body, objections } = await seen('gemini', fields, await everything());
    expect(objections).toEqual([]);
    const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: false });
    const { components } = spec;
    const validate = ajv.compile({
      components,
      ...components.schemas.GenerateContentRequest,
      unevaluatedProperties: false,
    });
    // The model is in the address; the level of thinking is written small on the vendor's pages, as the SDK does.
    const written = JSON.parse(
      JSON.stringify(body).replace('"thinkingLevel":"low"', '"thinkingLevel":"LOW"'),
    );
    expect([validate({ model: `models/${model}`, ...written }), validate.errors]).toEqual([true, null]);
    const config = body.generationConfig as object;
    const known = Object.keys((components.schemas.GenerationConfig as { properties: object }).properties);
    expect(known).toEqual(expect.arrayContaining(Object.keys(config)));
    expect(config).toMatchObject({
      responseLogprobs: true,
      logprobs: 20,
      responseMimeType: 'application/json',
    });
  });
});

describeWithSpec<OpenApi>('replicate.openapi.json', 'what Replicate is sent', (spec) => {
  test('is of its specification', async () => {
    const { body } = await seen(
      'replicate',
      { TYPE: 'replicate', MODEL: 'openai/gpt-4o', API_KEY: KEY },
      await everything(),
    );
    const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: false });
    const { components } = spec;
    const validate = ajv.compile({ components, ...components.schemas.schemas_prediction_request });
    expect([validate(body), validate.errors]).toEqual([true, null]);
  });
});
