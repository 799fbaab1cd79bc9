import { CostBasis } from '@atelier/protos/atelier/common/v1/money_pb.ts';
import { describe, expect, test } from '@jest/globals';
import { catalogOf } from './catalog/catalog.ts';
import { boundCost } from './estimate.ts';
import { configuredPrice, listedPrice } from './prices.ts';
import { LANGUAGE_MODEL_TYPES } from './settings.ts';

const today = new Date('2026-11-28T12:00:00Z');

function price(type: string, model: string, inputTokens = 1_000, at = today) {
  return listedPrice(catalogOf(type), model)(inputTokens, at);
}

describe('prices', () => {
  test('every file is whole: each model once for a day, dated, with the page it is from', () => {
    for (const type of LANGUAGE_MODEL_TYPES) {
      const { prices, pricing_page: page } = catalogOf(type);
      const names = prices.flatMap(({ model, aliases, from }) =>
        [model, ...aliases].map((name) => `${name} ${from}`),
      );
      expect(new Set(names).size).toBe(names.length);
      expect(prices.length === 0 || page?.startsWith('https://')).toBe(true);
    }
  });

  test('a model has the price of its name, a dated name that of its model', () => {
    expect(price('openai', 'gpt-4.1-mini')).toEqual({
      input: 0.4,
      cachedInput: 0.1,
      output: 1.6,
      version: '2026-07-21',
    });
    expect(price('anthropic', 'claude-haiku-4-5-20251001')).toEqual(price('anthropic', 'claude-haiku-4-5'));
  });

  test('a model that is not listed has no price, whatever it is called like', () => {
    expect(price('openai', 'gpt-4o-2024-05-13')).toBeUndefined();
    expect(price('openai', 'gpt-4')).toBeUndefined();
  });

  test('an announced price counts from its day on', () => {
    expect(price('gemini', 'gemini-4-argon')).toMatchObject({ input: 2, output: 10 });
    expect(price('gemini', 'gemini-4-argon', 1_000, new Date('2026-12-01T00:00:00Z'))).toMatchObject({
      input: 4,
    });
  });

  test('a long prompt has its own price, or none that is known', () => {
    expect(price('gemini', 'gemini-2.5-pro', 200_000)).toMatchObject({ input: 1.25, output: 10 });
    expect(price('gemini', 'gemini-2.5-pro', 200_001)).toMatchObject({ input: 2.5, output: 15 });
    expect(price('openai', 'gpt-6-sol', 272_001)).toBeUndefined();
  });

  test('a bound is rounded up, and is as dear as the prompt may become', () => {
    const cost = (type: string, model: string, input: number) =>
      boundCost({ input, output: 100 }, listedPrice(catalogOf(type), model), today);
    expect(cost('openai', 'gpt-4o-mini', 101)).toMatchObject({
      microUsd: 16n + 60n,
      basis: CostBasis.ESTIMATED,
    });
    expect(cost('gemini', 'gemini-2.5-pro', 200_001)).toMatchObject({ microUsd: 500_003n + 1_500n });
    expect(cost('openai', 'gpt-6-sol', 272_001)).toMatchObject({ basis: CostBasis.UNKNOWN });
    expect(cost('openai', 'gpt-4', 10).microUsd).toBeUndefined();
  });

  test('an operator may say that it costs nothing', () => {
    expect(boundCost({ input: 1_000, output: 1_000 }, configuredPrice(0, 0), today)).toMatchObject({
      microUsd: 0n,
      basis: CostBasis.ESTIMATED,
    });
  });
});
