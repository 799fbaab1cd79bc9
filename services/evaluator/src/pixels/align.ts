import { hashDistance, perceptualHash } from './perceptual-hash.ts';
import { type Box, boxHeight, boxWidth } from './raster.ts';
import { structuralSimilarity } from './structure.ts';

const { abs, exp, floor, hypot, log, max, sqrt } = Math;

/** A subject cut out and brought to a grid of fixed size: planes of OKLab and of coverage (0 or 1). */
export interface Aligned {
  readonly lab: Float32Array;
  readonly cover: Float32Array;
  /** Width over height of its box. */
  readonly ratio: number;
}

/** Likeness of two aligned subjects, each 0 to 1. */
export interface Likeness {
  /** Overlap of the outlines (intersection over union), less where the proportions differ. */
  readonly shape: number;
  /** Agreement of the colours place by place and as a whole. */
  readonly colour: number;
  /** Mean of the structural similarity where both are and of the agreement of their perceptual hashes. */
  readonly structure: number;
  /** The weighted geometric mean: a thing in the wrong colour or of the wrong shape is not alike. */
  readonly likeness: number;
}

const grid = 64;

/** Mean colour difference, in OKLab units, at which the agreement of colours has fallen to 1/e. */
const colourScale = 15;

/** Cuts a subject out of its picture and stretches its box over the grid. */
export function alignSubject(
  oklab: Float32Array,
  subject: { box: Box; covers: (pixel: number) => boolean; segmentation: { width: number } },
): Aligned {
  const { box, covers } = subject;
  const { width } = subject.segmentation;
  const lab = new Float32Array(grid * grid * 3);
  const cover = new Float32Array(grid * grid);
  for (let r = 0; r < grid; r++) {
    const y0 = box.top + floor((r * boxHeight(box)) / grid);
    const y1 = max(y0 + 1, box.top + floor(((r + 1) * boxHeight(box)) / grid));
    for (let c = 0; c < grid; c++) {
      const x0 = box.left + floor((c * boxWidth(box)) / grid);
      const x1 = max(x0 + 1, box.left + floor(((c + 1) * boxWidth(box)) / grid));
      const cell = r * grid + c;
      let inside = 0;
      for (let y = y0; y < y1; y++) {
        for (let x = x0; x < x1; x++) {
          const pixel = y * width + x;
          if (!covers(pixel)) continue;
          inside++;
          for (let k = 0; k < 3; k++) {
            lab[3 * cell + k] = (lab[3 * cell + k] as number) + (oklab[3 * pixel + k] as number);
          }
        }
      }
      if (inside === 0) continue;
      for (let k = 0; k < 3; k++) lab[3 * cell + k] = (lab[3 * cell + k] as number) / inside;
      if (2 * inside >= (y1 - y0) * (x1 - x0)) cover[cell] = 1;
    }
  }
  return { lab, cover, ratio: boxWidth(box) / boxHeight(box) };
}

/** Compares two aligned subjects. Symmetric. */
export function compareSubjects(x: Aligned, y: Aligned): Likeness {
  const cells = grid * grid;
  const both = new Float32Array(cells);
  const greyX = new Float32Array(cells);
  const greyY = new Float32Array(cells);
  const meanX = [0, 0, 0];
  const meanY = [0, 0, 0];
  let union = 0;
  let shared = 0;
  let local = 0;
  for (let i = 0; i < cells; i++) {
    const inX = x.cover[i] === 1;
    const inY = y.cover[i] === 1;
    greyX[i] = inX ? 2.55 * (x.lab[3 * i] as number) : 0;
    greyY[i] = inY ? 2.55 * (y.lab[3 * i] as number) : 0;
    if (inX || inY) union++;
    if (!inX || !inY) continue;
    both[i] = 1;
    shared++;
    let squares = 0;
    for (let k = 0; k < 3; k++) {
      const a = x.lab[3 * i + k] as number;
      const b = y.lab[3 * i + k] as number;
      meanX[k] = (meanX[k] as number) + a;
      meanY[k] = (meanY[k] as number) + b;
      squares += (a - b) ** 2;
    }
    local += sqrt(squares);
  }
  if (shared === 0) return { shape: 0, colour: 0, structure: 0, likeness: 0 };
  const overall = hypot(...meanX.map((sum, k) => (sum - (meanY[k] as number)) / shared));
  const proportion = exp(-abs(log(x.ratio / y.ratio)));
  const shape = (shared / union) * proportion;
  const colour = exp(-(0.5 * (local / shared) + 0.5 * overall) / colourScale);
  const planes = [greyX, greyY].map((data) => perceptualHash({ width: grid, height: grid, data }));
  const hash = hashDistance(planes[0] as Uint8Array, planes[1] as Uint8Array);
  const similar = structuralSimilarity(greyX, greyY, grid, grid, both);
  const structure = (max(0, similar) + max(0, 1 - 2 * hash)) / 2;
  return { shape, colour, structure, likeness: shape ** 0.3 * colour ** 0.5 * structure ** 0.2 };
}
