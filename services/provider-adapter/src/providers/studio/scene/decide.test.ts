import { describe, expect, test } from '@jest/globals';
import { parsePrompt } from '../parse/prompt.ts';
import { createRandom } from '../random.ts';
import type { StudioModelTraits } from '../traits.ts';
import { decideScene } from './decide.ts';
import { misspell } from './misspell.ts';

const TRAITS: StudioModelTraits = {
  name: 'test',
  adherence: 0.8,
  taste: 0.6,
  textAccuracy: 0.7,
  reliableCount: 4,
  shading: 'both',
  supportsTransparency: true,
  supportsNegativePrompt: true,
};
const RUNS = 1500;

const plan = (
  traits: StudioModelTraits,
  prompt: string,
  seed: number,
  more: { guidance?: number; steps?: number } = {},
) => decideScene(traits, parsePrompt(prompt), { seed, format: 'png', ...more });

/** How often, over many seeds, a plan has a property. */
function rate(
  traits: StudioModelTraits,
  prompt: string,
  has: (made: ReturnType<typeof plan>) => boolean,
  more = {},
): number {
  let hits = 0;
  for (let seed = 0; seed < RUNS; seed += 1) if (has(plan(traits, prompt, seed, more))) hits += 1;
  return hits / RUNS;
}

/** Four standard deviations of a share over the runs. */
const bound = (share: number): number => 4 * Math.sqrt((share * (1 - share)) / RUNS);

describe('decideScene', () => {
  test('a plain instruction fails as often as the model says', () => {
    const kept = rate(TRAITS, 'three apples', ({ groups }) => groups[0]?.count === 3);
    expect(Math.abs(kept - 0.8)).toBeLessThan(bound(0.8));
    const colour = rate(TRAITS, 'a green apple', ({ decisions }) =>
      decisions.some(({ about, kept }) => about === 'colour' && kept),
    );
    expect(Math.abs(colour - 0.8)).toBeLessThan(bound(0.8));
  });

  test('emphasis leaves 45 % of the failures, and never makes a seed worse', () => {
    const kept = rate(TRAITS, 'It must be exactly three apples.', ({ groups }) => groups[0]?.count === 3);
    const left = 0.2 * 0.45 ** 2;
    expect(Math.abs(kept - (1 - left))).toBeLessThan(bound(1 - left));
    for (let seed = 0; seed < 300; seed += 1) {
      const plain = plan(TRAITS, 'three apples', seed).groups[0]?.count === 3;
      if (plain) expect(plan(TRAITS, 'exactly three apples', seed).groups[0]?.count).toBe(3);
    }
  });

  test('an open choice is bad as often as taste says, a told one is not', () => {
    const open = rate(TRAITS, 'an apple', ({ clutter }) => clutter > 0);
    expect(Math.abs(open - 0.4 * 0.9)).toBeLessThan(bound(0.36));
    const told = rate(TRAITS, 'an apple, no clutter', ({ clutter }) => clutter > 0);
    expect(Math.abs(told - 0.2)).toBeLessThan(bound(0.2));
  });

  test('texts are misspelt the more often the longer they are', () => {
    const right = (text: string) =>
      rate(TRAITS, `an apple and the text "${text}"`, ({ texts }) =>
        texts.some(({ lines }) => lines[0] === text),
      );
    const [short, long] = [right('SALE'), right('EVERYTHING MUST GO TODAY')];
    expect(Math.abs(short - 0.92 * 0.7 ** (0.4 + 4 / 16))).toBeLessThan(bound(short) + 0.01);
    expect(long).toBeLessThan(short - 0.15);
  });

  test('counts above what the model can count fail more', () => {
    const eight = rate(TRAITS, 'eight apples', ({ groups }) => groups[0]?.count === 8);
    expect(Math.abs(eight - (1 - 0.2 * 3))).toBeLessThan(bound(0.4));
  });

  test('guidance helps, few steps harm', () => {
    const honoured = (more: { guidance?: number; steps?: number }) =>
      rate(TRAITS, 'three apples', ({ groups }) => groups[0]?.count === 3, more);
    expect(honoured({ guidance: 12 })).toBeGreaterThan(honoured({ guidance: 2 }));
    expect(honoured({ steps: 5 })).toBeLessThan(honoured({ steps: 30 }));
  });

  test('a perfect model does all it is told and chooses well', () => {
    const perfect = { ...TRAITS, adherence: 1, taste: 1, textAccuracy: 1 };
    for (let seed = 0; seed < 200; seed += 1) {
      const made = plan(
        perfect,
        'two green pears and seven lemons, "FRESH" at the top, on a plain #ffeedd background, no shadow',
        seed,
      );
      expect(made.decisions.every(({ kept }) => kept)).toBe(true);
      expect(made.groups.map(({ noun, count }) => [noun, count])).toEqual([
        ['pear', 2],
        ['lemon', 7],
      ]);
      expect(made).toMatchObject({
        background: { kind: 'plain', colour: '#ffeedd' },
        clutter: 0,
        shadow: false,
        softness: 0,
        contrast: 1,
      });
      expect(made.texts).toMatchObject([{ lines: ['FRESH'], place: 'top', faint: false }]);
    }
  });

  test('what is said about one thing leaves the other decisions of a seed alone', () => {
    for (let seed = 0; seed < 50; seed += 1) {
      const before = plan(TRAITS, 'three apples', seed);
      const after = plan(TRAITS, 'three apples, soft lighting', seed);
      expect({ ...after, lighting: 0, decisions: 0 }).toEqual({ ...before, lighting: 0, decisions: 0 });
    }
  });

  test('transparency needs a model and a format that have it', () => {
    const opaque = { ...TRAITS, supportsTransparency: false };
    const reading = parsePrompt('a lemon, transparent background');
    expect(decideScene(TRAITS, reading, { seed: 1, format: 'png' }).transparent).toBe(true);
    expect(decideScene(TRAITS, reading, { seed: 1, format: 'jpeg' }).transparent).toBe(false);
    expect(
      decideScene(opaque, reading, { seed: 1, format: 'png', background: 'transparent' }).transparent,
    ).toBe(false);
  });
});

test('a misspelling is never the text itself', () => {
  for (let seed = 0; seed < 500; seed += 1) {
    for (const text of ['SALE', 'AA', 'Fresh Bread', '50%', '!', 'öä']) {
      expect(misspell(text, createRandom('misspell', String(seed)))).not.toBe(text);
    }
  }
});
