import { describe, expect, test } from '@jest/globals';
import { catalogOf, familyOf } from './catalog/catalog.ts';
import { imageTokens } from './image-tokens.ts';

function tokens(type: string, model: string, width: number, height: number): number {
  return imageTokens(familyOf(catalogOf(type), model).images, { width, height });
}

describe('tokens of an image', () => {
  // Examples of OpenAI's guide to images and vision.
  test.each([
    ['gpt-4o', 1_024, 1_024, 765],
    ['gpt-4o', 2_048, 4_096, 1_105],
    ['gpt-4.1-mini', 1_024, 1_024, 1_659],
    ['gpt-4o-mini', 1_024, 1_024, 25_501],
  ])('%s: %i x %i as OpenAI counts', (model, width, height, count) => {
    expect(tokens('openai', model, width, height)).toBe(count);
  });

  test('an image that is larger than its budget counts as the budget', () => {
    expect(tokens('openai', 'gpt-4.1-mini', 1_800, 2_400)).toBe(Math.ceil(1_536 * 1.62));
    expect(tokens('openai', 'gpt-5.5', 4_032, 3_024)).toBe(3_000);
  });

  // Counts that were measured with the vendors' own counters for one image, without the words around it.
  test.each([
    ['anthropic', 'claude-haiku-4-5', 512, 512, 361],
    ['anthropic', 'claude-haiku-4-5', 1_024, 1_024, 1_369],
    ['anthropic', 'claude-haiku-4-5', 4_032, 3_024, 1_596],
    ['anthropic', 'claude-opus-5-5', 1_920, 1_080, 2_691],
    ['anthropic', 'claude-opus-5-5', 4_032, 3_024, 3_928],
    ['openai', 'gpt-5.5', 256, 256, 77],
    ['openai', 'gpt-5.5', 1_920, 1_080, 2_448],
    ['openai', 'gpt-6-astra', 3_840, 2_160, 2_931],
    ['gemini', 'gemini-3.5-flash', 4_032, 3_024, 1_065],
    ['gemini', 'gemini-2.5-flash', 960, 540, 1_548],
  ])('%s %s: %i x %i is no more than the bound', (type, model, width, height, measured) => {
    expect(tokens(type, model, width, height)).toBeGreaterThanOrEqual(measured);
  });

  test('a small image counts little, and a strip is bounded', () => {
    expect(tokens('gemini', 'gemini-2.5-flash', 384, 384)).toBe(258);
    expect(tokens('openai', 'gpt-4o', 8_000, 10)).toBe(85 + 170 * 8);
  });
});
