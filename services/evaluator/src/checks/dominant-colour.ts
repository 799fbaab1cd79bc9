import { rgbToHex, rgbToLab } from '../pixels/colour-space.ts';
import { paletteOf } from '../pixels/palette.ts';
import { type Check, ParamError } from './check.ts';
import { describe, differenceFrom, nameOf, readColour, type WantedColour } from './colour.ts';
import { Params } from './params.ts';
import { answer, estimated, percent } from './probability.ts';
import { findSubject, isSubject } from './subject.ts';

/**
 * `colour`: name or hex. `min_share`: least share of the subject in that colour, default .35 (a label, leaves and
 * highlights take the rest). `tolerance`: CIEDE2000 distance that still counts, default 14, with lightness
 * at half weight, so that light and shade on one object keep its colour.
 */
export interface DominantColourParams {
  colour: WantedColour;
  minShare: number;
  tolerance: number;
}

/** A pixel near the tolerance counts in part: .73 one unit-width inside, .27 outside. Error of the naming. */
const blur = 1.5;

/** Error of the share. */
const spread = 0.05;

/** Is the subject, not its background, mainly of this colour? */
export const dominantColourCheck: Check<DominantColourParams> = {
  kind: 'dominant_colour',

  parse(values) {
    const params = new Params(values);
    const colour = readColour(params, 'colour');
    if (colour === undefined) throw new ParamError('colour', 'is required');
    return params.done({
      colour,
      minShare: params.number('min_share', { min: 0.01, max: 1 }) ?? 0.35,
      tolerance: params.number('tolerance', { min: 1, max: 60 }) ?? 14,
    });
  },

  async run(params, { image }) {
    const subject = findSubject(image);
    if (!isSubject(subject)) return subject;
    const palette = paletteOf(image.oklab, subject.covers);
    const [main] = palette;
    if (main === undefined) {
      return answer(0.02, {}, 'The subject has no area.', 'Describe one clear subject that fills the frame.');
    }
    let share = 0;
    for (const swatch of palette) {
      const difference = differenceFrom(params.colour, rgbToLab(swatch.rgb), 2);
      share += swatch.share * estimated(params.tolerance - difference, blur);
    }
    return answer(
      estimated(share - params.minShare, spread),
      {
        share,
        main_colour: rgbToHex(main.rgb),
        main_colour_name: nameOf(main.rgb),
        main_colour_delta_e: differenceFrom(params.colour, rgbToLab(main.rgb), 2),
      },
      `${percent(share)} of the subject is ${params.colour.label}; its main colour is ${describe(main.rgb)}.`,
      `The subject is mainly ${describe(main.rgb)}, only ${percent(share)} of it ${params.colour.label}; ask for a ${params.colour.label} subject.`,
    );
  },
};
