import type { ImageRule } from './catalog/catalog.ts';

/** Width and height in pixels. */
interface Size {
  readonly width: number;
  readonly height: number;
}

/** Tokens that an image takes at most, by its vendor's rule. The rules and where they are from are in the catalog's files. */
export function imageTokens(rule: ImageRule, size: Size): number {
  switch (rule.kind) {
    case 'tiles':
      return rule.base + rule.tile * tiles(size);
    case 'patches': {
      const {
        side,
        least = 0,
        budget = Number.POSITIVE_INFINITY,
        multiplier,
        pixels_per_token: pixels,
      } = rule;
      const squares = Math.ceil(size.width / side) * Math.ceil(size.height / side);
      const byArea = pixels === undefined ? 0 : Math.ceil((size.width * size.height) / pixels);
      return Math.ceil(Math.min(Math.max(squares, byArea, least), budget) * multiplier);
    }
    case 'crops':
      return rule.tokens * crops(size);
    case 'fixed':
      return rule.tokens;
  }
}

/**
 * Squares of 512 pixels. OpenAI's page leaves open whether a small image is made larger, until its short side has 768 pixels; it
 * is taken to be. Eight are the most that 768 by 2,048 have.
 */
function tiles({ width, height }: Size): number {
  const long = Math.max(width, height);
  const short = Math.min(width, height);
  const across = Math.ceil(Math.min(2_048, (long * 768) / short) / 512);
  return Math.min(8, 2 * across);
}

/** Crops of Gemini: one where no side has more than 384 pixels. */
function crops({ width, height }: Size): number {
  if (width <= 384 && height <= 384) return 1;
  const side = Math.min(768, Math.max(256, Math.floor(Math.min(width, height) / 1.5)));
  return Math.ceil(width / side) * Math.ceil(height / side);
}
