import { groupRuns, type RingGroup, type Run } from './ring-groups.ts';

const { hypot, max, min, round } = Math;

/** The colours along the border of a picture, walked clockwise from the top-left corner. */
export interface Ring {
  /** Index of the pixel at each position. */
  readonly pixels: Int32Array;
  /** Smoothed OKLab colour at each position, three floats each. */
  readonly reference: Float32Array;
  /** Group of each position, or -1 for a stretch that belongs to none. */
  readonly group: Int16Array;
  readonly groups: readonly RingGroup[];
  /** Typical colour step between neighbouring pixels: the grain of the background, in OKLab units. */
  readonly noise: number;
  /**
   * Share of the border in the main group, 0 to 1, not counting up to three stretches away from the corners,
   * where a subject runs out of the frame. 1 is one even ground, below about .75 a scene or a pattern.
   */
  readonly plainness: number;
  /** The same for all background groups together: a wall and a floor explain a border that is not plain. */
  readonly explained: number;
}

/** Depth over which a border position is averaged, as a share of the short side. */
const depthShare = 0.012;

/** How fast the running colour follows along the border, per pixel of a 512-pixel picture. */
const follow = 0.1;

function perimeter(
  width: number,
  height: number,
): { pixels: Int32Array; inward: Int32Array; corners: number[] } {
  const pixels: number[] = [];
  const inward: number[] = [];
  const push = (pixel: number, step: number) => {
    pixels.push(pixel);
    inward.push(step);
  };
  for (let x = 0; x < width; x++) push(x, width);
  for (let y = 1; y < height; y++) push(y * width + width - 1, -1);
  for (let x = width - 2; x >= 0; x--) push((height - 1) * width + x, -width);
  for (let y = height - 2; y >= 1; y--) push(y * width, 1);
  return {
    pixels: Int32Array.from(pixels),
    inward: Int32Array.from(inward),
    corners: [0, width - 1, width + height - 2, 2 * width + height - 3],
  };
}

function medianStep(oklab: Float32Array, pixels: Int32Array): number {
  const steps: number[] = [];
  for (let i = 1; i < pixels.length; i++) {
    const p = 3 * (pixels[i - 1] as number);
    const q = 3 * (pixels[i] as number);
    steps.push(
      hypot(
        (oklab[p] as number) - (oklab[q] as number),
        (oklab[p + 1] as number) - (oklab[q + 1] as number),
        (oklab[p + 2] as number) - (oklab[q + 2] as number),
      ),
    );
  }
  steps.sort((a, b) => a - b);
  return steps[steps.length >> 1] ?? 0;
}

/**
 * Reads the border as runs of slowly changing colour and joins the runs into groups: one group for a plain
 * ground or a gradient, two for a wall and a floor, hardly any for a busy scene. A group is background when
 * it holds a corner, since a subject that touches the border seldom covers one.
 */
export function readRing(oklab: Float32Array, width: number, height: number): Ring {
  const { pixels, inward, corners } = perimeter(width, height);
  const n = pixels.length;
  const depth = max(1, min(round(depthShare * min(width, height)), min(width, height) - 1));
  const colour = new Float32Array(n * 3);
  for (let i = 0; i < n; i++) {
    for (let d = 0; d < depth; d++) {
      const p = 3 * ((pixels[i] as number) + d * (inward[i] as number));
      for (let c = 0; c < 3; c++) {
        colour[3 * i + c] = (colour[3 * i + c] as number) + (oklab[p + c] as number) / depth;
      }
    }
  }
  const noise = medianStep(oklab, pixels);
  const jump = 4 + 2 * min(noise, 3);
  const rate = min(0.5, (follow * 512) / max(width, height));

  const reference = new Float32Array(n * 3);
  const runs: Run[] = [];
  let run: Run | undefined;
  let l = 0;
  let a = 0;
  let b = 0;
  for (let i = 0; i < n; i++) {
    const cl = colour[3 * i] as number;
    const ca = colour[3 * i + 1] as number;
    const cb = colour[3 * i + 2] as number;
    if (run === undefined || hypot(cl - l, ca - a, cb - b) > jump) {
      run = { start: i, end: i, first: [cl, ca, cb], last: [cl, ca, cb], sum: [0, 0, 0] };
      runs.push(run);
      [l, a, b] = [cl, ca, cb];
    }
    l += rate * (cl - l);
    a += rate * (ca - a);
    b += rate * (cb - b);
    reference.set([l, a, b], 3 * i);
    run.end = i + 1;
    run.last = [l, a, b];
    run.sum = [run.sum[0] + cl, run.sum[1] + ca, run.sum[2] + cb];
  }
  return { pixels, reference, noise, ...groupRuns(runs, n, corners, jump) };
}
