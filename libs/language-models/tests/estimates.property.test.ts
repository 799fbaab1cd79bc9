import type { Usage } from '@atelier/protos/atelier/common/v1/money_pb.ts';
import { type LanguageProtocol, startLanguageServer } from '@atelier/testing';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { ModelRequest } from '../src/index.ts';
import { ANSWER, KEY, never, open, picture, request } from './world.ts';

/** Models of every rule for images. */
const MODELS: readonly (readonly [string, LanguageProtocol, string])[] = [
  ['openai', 'openai', 'gpt-4o'],
  ['openai', 'openai', 'gpt-4.1-mini'],
  ['openai', 'openai', 'gpt-5-mini'],
  ['anthropic', 'anthropic', 'claude-haiku-4-5'],
  ['anthropic', 'anthropic', 'claude-opus-4-8'],
  ['gemini', 'gemini', 'gemini-2.5-flash'],
  ['gemini', 'gemini', 'gemini-3.5-flash'],
  ['openai-compatible', 'openai', 'qwen2.5vl'],
];

const words = fc.string({
  unit: fc.constantFrom('a', 'Zeta ', '0', ' ', '\n', 'ß', '汉', '🍎', '"', '{', 'pomegranate'),
  maxLength: 400,
});
const side = fc.integer({ min: 1, max: 2_400 });
const part = fc.oneof(
  fc.record({ kind: fc.constant('text' as const), text: words.filter((text) => text !== '') }),
  fc.record({ kind: fc.constant('picture' as const), width: side, height: side }),
);
const asked = fc.record({
  system: words.map((text) => `You judge. ${text}`),
  parts: fc.array(part, { minLength: 1, maxLength: 4 }),
  maxOutputTokens: fc.integer({ min: 50, max: 2_000 }),
  isCut: fc.boolean(),
});

test.each(MODELS)(
  'what %s asks of %s (%s) costs no more than was estimated',
  async (type, protocol, model) => {
    let isCut = false;
    await using server = await startLanguageServer(
      protocol,
      () => (isCut ? { kind: 'cut' } : { kind: 'json', json: ANSWER }),
      { key: KEY },
    );
    const prices = type === 'openai-compatible' ? { PRICE_INPUT: '0.7', PRICE_OUTPUT: '2.9' } : {};
    const { model: opened } = open({
      TYPE: type,
      MODEL: model,
      BASE_URL: server.url,
      API_KEY: KEY,
      ...prices,
    });
    await fc.assert(
      fc.asyncProperty(asked, async ({ parts, isCut: cut, ...rest }) => {
        isCut = cut;
        const shown: ModelRequest = request({
          ...rest,
          parts: await Promise.all(
            parts.map((each) => (each.kind === 'text' ? each : picture(each.width, each.height))),
          ),
        });
        const { usage } = (await opened.ask(shown, never).catch((failure: unknown) => failure)) as {
          usage: readonly Usage[];
        };
        expect(usage).toHaveLength(2);
        const costs = usage.map(({ cost }) => cost?.microUsd);
        expect(costs).not.toContain(undefined);
        const cost = costs.reduce<bigint>((sum, each) => sum + (each ?? 0n), 0n);
        expect(opened.estimate(shown).microUsd).toBeGreaterThanOrEqual(cost);
      }),
      { numRuns: 20, seed: 20_261_128 },
    );
    expect(server.objections).toEqual([]);
  },
);
