import { rgbaToOklab } from '../pixels/colour-space.ts';
import type { DecodedImage } from '../pixels/index.ts';
import { hashDistance, perceptualHash, shrink } from '../pixels/perceptual-hash.ts';
import type { Raster } from '../pixels/raster.ts';
import { structuralSimilarity } from '../pixels/structure.ts';
import type { Check } from './check.ts';
import { Params } from './params.ts';
import { answer, cannotJudge, estimated } from './probability.ts';

/**
 * `reference`: number of the reference image, from 1; left out, any of them. `max_hash_distance`: share of the 256
 * bits of the perceptual hash that may differ, default .12. `min_structure`: least structural similarity
 * at 64 x 64, default .85. `max_delta_e`: largest colour difference of the worst tenth of the frame, in OKLab units,
 * default 8.
 */
export interface DuplicateOfParams {
  reference: number | undefined;
  maxHashDistance: number;
  minStructure: number;
  maxDeltaE: number;
}

interface Comparison {
  hash: number;
  structure: number;
  colour: number;
}

const grid = 64;

/** Cells a side at which colours are compared. */
const cells = 16;

/** The part of the frame where colours differ most: a plain ground, which most pictures share, says nothing. */
const worstShare = 0.1;

/** What a picture is compared by. */
interface Sketch {
  readonly hash: Uint8Array;
  readonly grey: Float32Array;
  /** OKLab of `cells` x `cells` means over white. */
  readonly colours: Float32Array;
}

function cellColours({ width, height, data }: Raster): Float32Array {
  const sums = new Float64Array(cells * cells * 4);
  for (let y = 0, p = 0; y < height; y++) {
    const row = Math.floor((y * cells) / height) * cells;
    for (let x = 0; x < width; x++, p += 4) {
      const cell = 4 * (row + Math.floor((x * cells) / width));
      const alpha = data[p + 3] as number;
      for (let c = 0; c < 3; c++) {
        sums[cell + c] = (sums[cell + c] as number) + alpha * (data[p + c] as number) + (255 - alpha) * 255;
      }
      sums[cell + 3] = (sums[cell + 3] as number) + 255;
    }
  }
  const rgba = new Uint8Array(cells * cells * 4);
  for (let i = 0; i < rgba.length; i++) rgba[i] = (sums[i] as number) / Math.max(1, sums[i | 3] as number);
  return rgbaToOklab(rgba, cells * cells);
}

const sketches = new WeakMap<DecodedImage, Sketch>();

function sketchOf(image: DecodedImage): Sketch {
  let sketch = sketches.get(image);
  if (sketch === undefined) {
    sketch = {
      hash: perceptualHash(image.grey),
      grey: shrink(image.grey, grid, grid),
      colours: cellColours(image.working),
    };
    sketches.set(image, sketch);
  }
  return sketch;
}

function colourDifference(a: Float32Array, b: Float32Array): number {
  const differences: number[] = [];
  for (let i = 0; i < a.length; i += 3) {
    const [dl, da, db] = [0, 1, 2].map((c) => (a[i + c] as number) - (b[i + c] as number));
    differences.push(Math.hypot(dl as number, da as number, db as number));
  }
  const worst = differences.sort((x, y) => y - x).slice(0, Math.round(worstShare * differences.length));
  return worst.reduce((sum, difference) => sum + difference, 0) / worst.length;
}

/** Compares two whole pictures, both stretched to the same grid. */
export function compareFrames(x: DecodedImage, y: DecodedImage): Comparison {
  const [a, b] = [sketchOf(x), sketchOf(y)];
  return {
    hash: hashDistance(a.hash, b.hash),
    structure: structuralSimilarity(a.grey, b.grey, grid, grid),
    colour: colourDifference(a.colours, b.colours),
  };
}

/**
 * Is the picture a copy of a reference: the same composition, structure and colours, whatever its size, format or
 * compression? All three must agree, since plain product pictures share any one of them. The usual wanted answer
 * is no; then `finding` is what to tell the prompt writer.
 */
export const duplicateOfCheck: Check<DuplicateOfParams> = {
  kind: 'duplicate_of',

  parse(values) {
    const params = new Params(values);
    return params.done({
      reference: params.number('reference', { min: 1, max: 100, integer: true }),
      maxHashDistance: params.number('max_hash_distance', { min: 0, max: 0.5 }) ?? 0.12,
      minStructure: params.number('min_structure', { min: 0, max: 1 }) ?? 0.85,
      maxDeltaE: params.number('max_delta_e', { min: 0.1, max: 100 }) ?? 8,
    });
  },

  async run(params, { image, references }) {
    const chosen = references
      .map((reference, i) => ({ reference, number: i + 1 }))
      .filter(({ number }) => params.reference === undefined || number === params.reference);
    const judged = chosen.map(({ reference, number }) => {
      const { hash, structure, colour } = compareFrames(image, reference);
      const p = Math.min(
        estimated(params.maxHashDistance - hash, 0.02),
        estimated(structure - params.minStructure, 0.03),
        estimated(params.maxDeltaE - colour, 1),
      );
      return { number, hash, structure, colour, p };
    });
    const [closest] = judged.sort((a, b) => b.p - a.p || a.number - b.number);
    if (closest === undefined) {
      return cannotJudge(
        { references: references.length },
        'There is no reference image to compare with.',
        'Attach the reference image that this question is about.',
      );
    }
    const { number, hash, structure, colour, p } = closest;
    return answer(
      p,
      { reference: number, hash_distance: hash, structure, colour_delta_e: colour },
      p >= 0.5
        ? `The picture is a near copy of reference ${number}; ask for another composition.`
        : `The picture is no copy of reference ${number}, the closest one.`,
      `The picture is no copy of reference ${number}; ask for the same composition, subject and colours as the reference.`,
    );
  },
};
