import {
  type LanguageProtocol,
  type ScriptedReply,
  type SeenAsk,
  startLanguageServer,
} from '@atelier/testing';
import { describe, expect, test } from '@jest/globals';
import sharp from 'sharp';

const SCHEMA = {
  type: 'object',
  properties: { answer: { type: 'string' } },
  required: ['answer'],
  additionalProperties: false,
};

const PICTURE = (await sharp({ create: { width: 40, height: 30, channels: 3, background: '#c03020' } })
  .png()
  .toBuffer()
  .then((bytes) => bytes.toString('base64'))) as string;

/** A whole request of each protocol, as the vendor's reference shows it. */
const REQUESTS: Readonly<
  Record<LanguageProtocol, { path: string; headers: Record<string, string>; body: (image: string) => object }>
> = {
  openai: {
    path: '/chat/completions',
    headers: { authorization: 'Bearer the-key' },
    body: (image) => ({
      model: 'gpt-4o',
      messages: [
        { role: 'system', content: 'You judge.' },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'Is it red?' },
            { type: 'image_url', image_url: { url: `data:image/png;base64,${image}` } },
          ],
        },
      ],
      max_tokens: 50,
      temperature: 0,
      response_format: { type: 'json_schema', json_schema: { name: 'answer', strict: true, schema: SCHEMA } },
    }),
  },
  anthropic: {
    path: '/messages',
    headers: { 'x-api-key': 'the-key', 'anthropic-version': '2023-06-01' },
    body: (image) => ({
      model: 'claude-haiku-4-5',
      max_tokens: 50,
      temperature: 0,
      system: 'You judge.',
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'Is it red?' },
            { type: 'image', source: { type: 'base64', media_type: 'image/png', data: image } },
          ],
        },
      ],
      output_config: { format: { type: 'json_schema', schema: SCHEMA } },
    }),
  },
  gemini: {
    path: '/models/gemini-2.5-flash:generateContent',
    headers: { 'x-goog-api-key': 'the-key' },
    body: (image) => ({
      systemInstruction: { parts: [{ text: 'You judge.' }] },
      contents: [
        {
          role: 'user',
          parts: [{ text: 'Is it red?' }, { inlineData: { mimeType: 'image/png', data: image } }],
        },
      ],
      generationConfig: {
        maxOutputTokens: 50,
        temperature: 0,
        responseMimeType: 'application/json',
        responseJsonSchema: SCHEMA,
      },
    }),
  },
  replicate: {
    path: '/models/openai/gpt-4o/predictions',
    headers: { authorization: 'Bearer the-key', prefer: 'wait' },
    body: (image) => ({
      input: {
        system_prompt: 'You judge.',
        prompt: 'Is it red?',
        image_input: [`data:image/png;base64,${image}`],
        max_completion_tokens: 50,
        temperature: 0,
      },
    }),
  },
};

const PROTOCOLS = Object.keys(REQUESTS) as LanguageProtocol[];

async function post(
  url: string,
  protocol: LanguageProtocol,
  { image = PICTURE, headers = {}, extra = {} }: { image?: string; headers?: object; extra?: object } = {},
): Promise<{ status: number; headers: Headers; text: string }> {
  const request = REQUESTS[protocol];
  const response = await fetch(`${url}${request.path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...request.headers, ...headers },
    body: JSON.stringify({ ...request.body(image), ...extra }),
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

describe.each(PROTOCOLS)('a scripted server of %s', (protocol) => {
  const start = (reply: ScriptedReply, seen: SeenAsk[] = []) =>
    startLanguageServer(
      protocol,
      (ask) => {
        seen.push(ask);
        return reply;
      },
      { key: 'the-key' },
    );

  test('sees what was asked, and answers in its form', async () => {
    const seen: SeenAsk[] = [];
    await using server = await start({ kind: 'json', json: { answer: 'yes' } }, seen);
    const { status, text } = await post(server.url, protocol);
    expect(status).toBeLessThan(300);
    expect(JSON.stringify(JSON.parse(text))).toContain('answer');
    expect(seen).toEqual([
      expect.objectContaining({
        number: 1,
        system: 'You judge.',
        texts: ['Is it red?'],
        images: [expect.objectContaining({ mediaType: 'image/png', width: 40, height: 30 })],
        order: ['text', 'image'],
        schema: protocol === 'replicate' ? undefined : SCHEMA,
        temperature: 0,
        maxOutputTokens: 50,
        logProbabilities: false,
      }),
    ]);
    expect(server.asks).toEqual(seen);
    expect(server.objections).toEqual([]);
  });

  test.each([
    [
      'a key that it does not know',
      { headers: { authorization: 'Bearer no', 'x-api-key': 'no', 'x-goog-api-key': 'no' } },
    ],
    ['an unknown field', { extra: { surprise: 1 } }],
    ['what is no image', { image: Buffer.from('no image at all').toString('base64') }],
  ])('refuses %s', async (_what, options) => {
    await using server = await start({ kind: 'text', text: 'never said' });
    const { status } = await post(server.url, protocol, options);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
    expect(server.asks).toEqual([]);
    expect(server.objections).toHaveLength(1);
  });

  test('tells how long to wait, in its own way', async () => {
    await using server = await start({ kind: 'status', status: 429, retryAfterSeconds: 7 });
    const { status, headers, text } = await post(server.url, protocol);
    expect(status).toBe(429);
    expect(protocol === 'gemini' ? text : headers.get('retry-after')).toMatch(/7/);
  });

  test('closes the connection when it is told to', async () => {
    await using server = await start({ kind: 'drop' });
    await expect(post(server.url, protocol)).rejects.toThrow('fetch failed');
    await server.asked(1);
  });
});

test('log-probabilities come for tokens that add up to the answer, whatever JSON it is', async () => {
  const json = { answers: [{ id: 'q1', answer: 'yes', critique: 'Ein Ofen, größer als 12345 – 🍎!' }] };
  const alternatives = [{}, { yes: 0.7, ' yes': 0.05, Yes: 0.05, no: 0.2 }];
  await using server = await startLanguageServer('openai', () => ({ kind: 'json', json, alternatives }));
  const { text } = await post(server.url, 'openai', { extra: { logprobs: true, top_logprobs: 5 } });
  const [choice] = JSON.parse(text).choices as [
    {
      message: { content: string };
      logprobs: {
        content: {
          token: string;
          bytes: number[];
          logprob: number;
          top_logprobs: { token: string; logprob: number }[];
        }[];
      };
    },
  ];
  const { content } = choice.logprobs;
  expect(JSON.parse(choice.message.content)).toEqual(json);
  expect(Buffer.concat(content.map(({ bytes }) => Buffer.from(bytes))).toString('utf8')).toBe(
    choice.message.content,
  );
  const yes = content.find(({ token }) => token === 'yes');
  expect(yes?.top_logprobs.map(({ token, logprob }) => [token, Math.exp(logprob).toFixed(2)])).toEqual([
    ['yes', '0.70'],
    ['no', '0.20'],
    [' yes', '0.05'],
    ['Yes', '0.05'],
  ]);
  // As with the vendors: punctuation of JSON is fused, and bytes that are no character are spelled out.
  expect(content.map(({ token }) => token)).toEqual(expect.arrayContaining(['":"', 'bytes:\\xf0\\x9f']));
});
