import { describe, expect, test } from '@jest/globals';
import { palettes, styles } from './styles.ts';

/** Relative luminance, after WCAG 2.2. */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5]
    .map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255)
    .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(a: string, b: string): number {
  const [low = 0, high = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

describe.each(Object.entries(palettes))('the %s palette', (_, palette) => {
  const text = ['ink', 'quiet', 'accent', 'good', 'bad', 'open'] as const;

  test.each(text)('%s is read on page, card and result', (ink) => {
    for (const ground of ['ground', 'card', 'good-ground', 'quiet-ground'] as const)
      expect(contrast(palette[ink], palette[ground])).toBeGreaterThanOrEqual(4.5);
  });

  test.each(['good', 'bad', 'open', 'quiet'] as const)('%s is read on its own ground', (ink) => {
    expect(contrast(palette[ink], palette[`${ink}-ground`])).toBeGreaterThanOrEqual(4.5);
  });

  test('bars stand out from what they lie on', () => {
    expect(contrast(palette.bar, palette['bar-all'])).toBeGreaterThanOrEqual(3);
  });
});

test('the stylesheet fetches nothing and closes nothing', () => {
  expect(styles).not.toMatch(/url\(|@import|@font-face|<\//i);
});
