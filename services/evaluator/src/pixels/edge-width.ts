import type { Grey } from './raster.ts';

const { abs, floor, max, sign, sqrt } = Math;

/** What the edges of a picture say about its focus. */
export interface EdgeWidths {
  /** Strong edges that were measured. */
  readonly count: number;
  /** Width, in pixels, that a tenth of the strong edges stay below; infinite where there is no strong edge. */
  readonly width: number;
}

/** Least total step of brightness (of 255) of an edge that is measured: above compression noise. */
const strongStep = 24;

/** The share of edges that should be sharp: the subject's, where the rest may be out of focus on purpose. */
const sharpShare = 0.1;

/** From this grain on (median second difference, of 255) a picture is smoothed before it is measured. */
const grainy = 1.5;

/** Two passes of the binomial filter have a variance of 1, and so widen an edge by about 2.5 pixels in quadrature. */
const smoothingPasses = 2;
const smoothingWidth = 2.5;

function grainOf({ width, height, data }: Grey): number {
  const bends: number[] = [];
  for (let y = 0; y < height; y += 7) {
    for (let x = 1; x < width - 1; x += 3) {
      const i = y * width + x;
      bends.push(abs((data[i - 1] as number) - 2 * (data[i] as number) + (data[i + 1] as number)));
    }
  }
  bends.sort((a, b) => a - b);
  return bends[bends.length >> 1] ?? 0;
}

/** The filter 1 2 1 along rows and then along columns. */
function smooth({ width, height, data }: Grey): Grey {
  const rows = data.slice();
  for (let i = 0; i < data.length; i++) {
    const x = i % width;
    if (x === 0 || x === width - 1) continue;
    rows[i] = ((data[i - 1] as number) + 2 * (data[i] as number) + (data[i + 1] as number)) / 4;
  }
  const out = rows.slice();
  for (let i = width; i < data.length - width; i++) {
    out[i] = ((rows[i - width] as number) + 2 * (rows[i] as number) + (rows[i + width] as number)) / 4;
  }
  return { width, height, data: out };
}

/**
 * Widths of the edges along rows and columns, after P. Marziliano et al. (2002): from a strong slope outwards to
 * where the brightness stops rising or falling. The width is the step divided by the steepest slope, which does
 * not depend on contrast: 1 to 2 for a drawn edge, about 2.5 sigma for a Gaussian blur.
 * Grain is smoothed first, and what the smoothing added is taken off again.
 */
export function edgeWidths(picture: Grey): EdgeWidths {
  const noisy = grainOf(picture) >= grainy;
  let measured = picture;
  if (noisy) for (let pass = 0; pass < smoothingPasses; pass++) measured = smooth(measured);
  const { width, height, data } = measured;
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
  const typical = widths[floor(sharpShare * widths.length)] ?? Number.POSITIVE_INFINITY;
  return {
    count: widths.length,
    width: noisy ? sqrt(max(1, typical * typical - smoothingWidth * smoothingWidth)) : typical,
  };
}
