import { type Aligned, alignSubject, compareSubjects } from '../pixels/align.ts';
import type { DecodedImage } from '../pixels/index.ts';
import type { Check } from './check.ts';
import { compareFrames } from './duplicate-of.ts';
import { Params } from './params.ts';
import { answer, cannotJudge, estimated, percent } from './probability.ts';
import { findSubject, isSubject } from './subject.ts';

/**
 * `reference`: number of the reference image, from 1; left out, the most alike of them. `min_likeness`: least likeness
 * of the subjects, 0 to 1, default .7.
 */
export interface LikenessParams {
  reference: number | undefined;
  minLikeness: number;
}

/** Error of the likeness of two pictures of one thing. */
const spread = 0.05;

/** Whole frames this alike in structure are the same picture, whatever can be made out in them. */
const sameFrame = 0.9;

interface Judged {
  number: number;
  likeness: number;
  shape: number;
  colour: number;
  structure: number;
}

function subjectOf(image: DecodedImage): Aligned | undefined {
  const subject = findSubject(image);
  return isSubject(subject) ? alignSubject(image.oklab, subject) : undefined;
}

function judge(
  own: Aligned | undefined,
  image: DecodedImage,
  reference: DecodedImage,
  number: number,
): Judged | undefined {
  const other = subjectOf(reference);
  if (own !== undefined && other !== undefined) return { number, ...compareSubjects(own, other) };
  const frames = compareFrames(image, reference);
  if (frames.structure < sameFrame || frames.colour > 8) return undefined;
  const structure = frames.structure;
  return { number, likeness: structure, shape: structure, colour: 1 - frames.colour / 20, structure };
}

/**
 * Does the picture show the thing that a reference shows? Both subjects are cut out, brought to the same size and
 * place, and compared in outline, colours and structure, so that another background, place or scale in the frame
 * does not count. Turned or seen from elsewhere a thing is less alike: this is no recognition of what it is.
 */
export const likenessCheck: Check<LikenessParams> = {
  kind: 'likeness',

  parse(values) {
    const params = new Params(values);
    return params.done({
      reference: params.number('reference', { min: 1, max: 100, integer: true }),
      minLikeness: params.number('min_likeness', { min: 0.05, max: 1 }) ?? 0.7,
    });
  },

  async run(params, { image, references }) {
    const own = findSubject(image);
    const chosen = references
      .map((reference, i) => ({ reference, number: i + 1 }))
      .filter(({ number }) => params.reference === undefined || number === params.reference);
    if (chosen.length === 0) {
      return cannotJudge(
        { references: references.length },
        'There is no reference image to compare with.',
        'Attach the reference image that this question is about.',
      );
    }
    const aligned = isSubject(own) ? alignSubject(image.oklab, own) : undefined;
    const judged = chosen.flatMap(({ reference, number }) => judge(aligned, image, reference, number) ?? []);
    const [best] = judged.sort((a, b) => b.likeness - a.likeness || a.number - b.number);
    if (best === undefined) {
      if (!isSubject(own)) return own;
      return cannotJudge(
        { references: chosen.length },
        'No subject can be made out in the reference.',
        'Attach a reference image that shows the subject on a plain background.',
      );
    }
    const { number, likeness, shape, colour, structure } = best;
    const least = Math.min(shape, colour, structure);
    const fault = least === colour ? 'its colours' : least === shape ? 'its outline' : 'its details';
    return answer(
      estimated(likeness - params.minLikeness, spread),
      { reference: number, likeness, shape, colour, structure },
      `The subject is ${percent(likeness)} like the one in reference ${number}.`,
      `The subject is ${percent(likeness)} like the one in reference ${number}; ${fault} differ most: ask to keep the subject of the reference unchanged.`,
    );
  },
};
