import { connected } from '../../pixels/components.ts';
import { type Box, boxHeight, boxWidth, type Raster } from '../../pixels/raster.ts';

const { abs, max, min, sqrt } = Math;

/** A part of a picture that looks like a line of lettering. */
export interface TextBand {
  /** In shares of the frame, 0 to 1. */
  readonly box: Box;
  /** How strongly it looks so: strokes crossed per row and line height. Above about 1 it is likely lettering. */
  readonly strength: number;
}

/** Step of any colour channel (of 255) from pixel to pixel that counts as the edge of a stroke. */
const strokeStep = 40;

/** Letters fainter than this (of 255) are not legible to people either. */
const faintStep = 8;

/** Line heights looked for, in pixels of the level. Larger letters are found on smaller levels. */
const lowest = 8;
const highest = 56;

/** At most so many bands are read: each costs a reading. */
const mostBands = 6;

function halve(raster: Raster): Raster {
  const width = raster.width >> 1;
  const height = raster.height >> 1;
  const data = new Uint8Array(width * height * 4);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let c = 0; c < 4; c++) {
        const p = 4 * (2 * y * raster.width + 2 * x) + c;
        const q = p + 4 * raster.width;
        const sum =
          (raster.data[p] as number) +
          (raster.data[p + 4] as number) +
          (raster.data[q] as number) +
          (raster.data[q + 4] as number);
        data[4 * (y * width + x) + c] = sum >> 2;
      }
    }
  }
  return { width, height, data };
}

/** Where a colour changes along a row by at least `least` (of 255, alpha included) from pixel to pixel. */
function stepsAlongRows({ width, height, data }: Raster, least: number): Uint8Array {
  const edges = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 1; x < width; x++) {
      const p = 4 * (y * width + x);
      let step = 0;
      for (let c = 0; c < 4; c++) {
        step = max(step, abs((data[p + c] as number) - (data[p + c - 4] as number)));
      }
      if (step >= least) edges[y * width + x] = 1;
    }
  }
  return edges;
}

/** Joins edges that are at most `gap` apart along a row: the letters of a line become one bar. */
function joinAlongRows(edges: Uint8Array, width: number, gap: number): Uint8Array {
  const out = edges.slice();
  for (let start = 0; start < edges.length; start += width) {
    let last = Number.NEGATIVE_INFINITY;
    for (let x = 0; x < width; x++) {
      if (edges[start + x] === 0) continue;
      if (x - last <= gap) out.fill(1, start + last, start + x);
      last = x;
    }
  }
  return out;
}

function bandsOf(raster: Raster): TextBand[] {
  const { width, height } = raster;
  const edges = stepsAlongRows(raster, strokeStep);
  const { plane, list } = connected(joinAlongRows(edges, width, 24), width, height);
  const strokes = new Map<number, number>();
  for (let y = 0; y < height; y++) {
    for (let x = 1; x < width; x++) {
      const i = y * width + x;
      if (edges[i] === 1 && edges[i - 1] === 0) {
        const id = plane[i] as number;
        strokes.set(id, (strokes.get(id) ?? 0) + 1);
      }
    }
  }
  return list.flatMap(({ id, box }) => {
    const w = boxWidth(box);
    const h = boxHeight(box);
    if (h < lowest || h > highest || w < 1.2 * h) return [];
    const strength = (strokes.get(id) ?? 0) / h / (w / h);
    if (strength < 0.8) return [];
    return [
      {
        box: {
          left: box.left / width,
          top: box.top / height,
          right: box.right / width,
          bottom: box.bottom / height,
        },
        strength,
      },
    ];
  });
}

function overlap(x: Box, y: Box): number {
  const w = min(x.right, y.right) - max(x.left, y.left);
  const h = min(x.bottom, y.bottom) - max(x.top, y.top);
  if (w <= 0 || h <= 0) return 0;
  return (w * h) / min(boxWidth(x) * boxHeight(x), boxWidth(y) * boxHeight(y));
}

/** Whether a picture has no edge on which a letter, however faint, could end: plain or evenly graded. */
export function isFeatureless(raster: Raster): boolean {
  return stepsAlongRows(raster, faintStep).every((edge) => edge === 0);
}

/** Finds what looks like lines of lettering, at three sizes, strongest first, at most six. */
export function findTextBands(raster: Raster): TextBand[] {
  const levels = [raster];
  for (let k = 0; k < 3; k++) {
    const last = levels.at(-1) as Raster;
    if (max(last.width, last.height) < 128) break;
    levels.push(halve(last));
  }
  const found = levels.flatMap(bandsOf);
  const size = (band: TextBand) => band.strength * sqrt(boxWidth(band.box) * boxHeight(band.box));
  found.sort((a, b) => size(b) - size(a));
  const kept: TextBand[] = [];
  for (const band of found) {
    if (kept.length < mostBands && kept.every((other) => overlap(band.box, other.box) < 0.6)) kept.push(band);
  }
  return kept;
}
