import { oklabToRgb, type Rgb } from './colour-space.ts';

const { round } = Math;

/** One colour of a region with the share of the region's pixels that it stands for. */
export interface Swatch {
  readonly rgb: Rgb;
  /** 0 to 1. */
  readonly share: number;
}

/** Side of a cell of the colour grid in OKLab units; within a cell colours are hardly told apart. */
const cell = 4;

/**
 * The colours of the pixels that `includes` accepts, most frequent first: cells of an OKLab grid with the mean of
 * what fell into each. A few dozen swatches stand for a picture, so that an expensive colour difference is
 * computed once for each and not once for each pixel.
 */
export function paletteOf(oklab: Float32Array, includes: (pixel: number) => boolean): Swatch[] {
  const cells = new Map<number, [count: number, l: number, a: number, b: number]>();
  let total = 0;
  for (let i = 0, p = 0; p < oklab.length; i++, p += 3) {
    if (!includes(i)) continue;
    const l = oklab[p] as number;
    const a = oklab[p + 1] as number;
    const b = oklab[p + 2] as number;
    const key = round(l / cell) * 10_000 + (round(a / cell) + 50) * 100 + round(b / cell) + 50;
    const found = cells.get(key);
    if (found === undefined) cells.set(key, [1, l, a, b]);
    else {
      found[0]++;
      found[1] += l;
      found[2] += a;
      found[3] += b;
    }
    total++;
  }
  return [...cells.values()]
    .sort((x, y) => y[0] - x[0] || x[1] / x[0] - y[1] / y[0])
    .map(([count, l, a, b]) => ({ rgb: oklabToRgb(l / count, a / count, b / count), share: count / total }));
}
