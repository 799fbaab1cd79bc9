import type { Grey } from './raster.ts';

const { abs, floor, max, sign } = Math;

/** What the edges of a picture say about its focus. */
export interface EdgeWidths {
  /** Strong edges that were measured. */
  readonly count: number;
  /** Width, in pixels, that 30 % of the strong edges stay below; infinite where there is no strong edge. */
  readonly width: number;
}

/** Least total step of brightness (of 255) of an edge that is measured: above compression noise. */
const strongStep = 24;

/** The share of edges that should be sharp: the subject's, where the rest may be out of focus on purpose. */
const sharpShare = 0.3;

/**
 * Widths of the edges along rows and columns, after P. Marziliano et al. (2002): from a strong slope outwards to
 * where the brightness stops rising or falling. The width is the step divided by the steepest slope, which does
 * not depend on contrast: 1 to 2 for a drawn edge, about 2.5 sigma for a Gaussian blur.
 */
export function edgeWidths({ width, height, data }: Grey): EdgeWidths {
  const widths: number[] = [];
  const scan = (start: number, step: number, length: number) => {
    let i = 1;
    while (i < length) {
      const first = (data[start + i * step] as number) - (data[start + (i - 1) * step] as number);
      const direction = sign(first);
      if (direction === 0) {
        i++;
        continue;
      }
      const begin = i;
      let steepest = 0;
      let total = 0;
      let change = first;
      // One monotone stretch of the profile; a standstill of less than half a level ends it.
      while (sign(change) === direction && abs(change) >= 0.5) {
        total += abs(change);
        steepest = max(steepest, abs(change));
        i++;
        if (i >= length) break;
        change = (data[start + i * step] as number) - (data[start + (i - 1) * step] as number);
      }
      if (total >= strongStep) widths.push(total / steepest);
      if (i === begin) i++;
    }
  };
  for (let y = 0; y < height; y += 2) scan(y * width, 1, width);
  for (let x = 0; x < width; x += 2) scan(x, width, height);
  widths.sort((a, b) => a - b);
  return {
    count: widths.length,
    width: widths[floor(sharpShare * widths.length)] ?? Number.POSITIVE_INFINITY,
  };
}
