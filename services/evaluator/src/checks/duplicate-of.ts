import { rgbaToOklab } from '../pixels/colour-space.ts';
import type { DecodedImage } from '../pixels/index.ts';
import { hashDistance, perceptualHash, shrink } from '../pixels/perceptual-hash.ts';
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

/** The part of the frame where colours differ most: a plain ground, which most pictures share, says nothing. */
const worstShare = 0.1;

function colourDifference(x: DecodedImage, y: DecodedImage): number {
  const cells = 16;
  const colours = (image: DecodedImage) => {
    const { width, height, data } = image.working;
    const planes = [0, 1, 2].map((channel) => {
      const plane = Float32Array.from({ length: width * height }, (_, i) => {
        const alpha = (data[4 * i + 3] as number) / 255;
        return alpha * (data[4 * i + channel] as number) + (1 - alpha) * 255;
      });
      return shrink({ width, height, data: plane }, cells, cells);
    });
    const rgba = new Uint8Array(cells * cells * 4);
    for (let i = 0; i < cells * cells; i++) for (let c = 0; c < 3; c++) rgba[4 * i + c] = planes[c]?.[i] ?? 0;
    return rgbaToOklab(rgba, cells * cells);
  };
  const a = colours(x);
  const b = colours(y);
  const differences: number[] = [];
  for (let i = 0; i < a.length; i += 3) {
    differences.push(
      Math.hypot(
        (a[i] as number) - (b[i] as number),
        (a[i + 1] as number) - (b[i + 1] as number),
        (a[i + 2] as number) - (b[i + 2] as number),
      ),
    );
  }
  const worst = differences.sort((x, y) => y - x).slice(0, Math.round(worstShare * differences.length));
  return worst.reduce((sum, difference) => sum + difference, 0) / worst.length;
}

/** Compares two whole pictures, both stretched to the same grid. */
export function compareFrames(x: DecodedImage, y: DecodedImage): Comparison {
  return {
    hash: hashDistance(perceptualHash(x.grey), perceptualHash(y.grey)),
    structure: structuralSimilarity(shrink(x.grey, grid, grid), shrink(y.grey, grid, grid), grid, grid),
    colour: colourDifference(x, y),
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
