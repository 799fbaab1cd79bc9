import { rgbToHex, rgbToLab } from '../pixels/colour-space.ts';
import type { DecodedImage } from '../pixels/index.ts';
import { paletteOf, type Swatch } from '../pixels/palette.ts';
import { Pixel } from '../pixels/segment.ts';
import { type Check, type CheckResult, ParamError } from './check.ts';
import { describe, differenceFrom, nameOf, parseColour, type WantedColour } from './colour.ts';
import { Params } from './params.ts';
import { answer, estimated, percent } from './probability.ts';

/**
 * `colour`: name, hex or `transparent`; left out, only plainness is asked. `tolerance`: CIEDE2000 distance that
 * still counts as the colour, default 10. `min_share`: least share of the background within it, default .75.
 * `min_plainness`: least share of the border in one even ground, default .75; 0 allows a wall and a floor or
 * a busy scene, whose border is then judged by colour alone.
 */
export interface BackgroundColourParams {
  colour: WantedColour | 'transparent' | undefined;
  tolerance: number;
  minShare: number;
  minPlainness: number;
}

const blur = 1;
const shareSpread = 0.06;
const plainSpread = 0.06;

/** Below this share of ground inside the frame, the border stands for the background. */
const leastGround = 0.03;

function backgroundPalette(image: DecodedImage): Swatch[] {
  const { plane, width, height, background } = image.segmentation;
  if (background.share >= leastGround)
    return paletteOf(image.oklab, (pixel) => plane[pixel] === Pixel.GROUND);
  const depth = Math.max(1, Math.round(0.03 * Math.min(width, height)));
  return paletteOf(image.oklab, (pixel) => {
    const x = pixel % width;
    const y = (pixel - x) / width;
    return x < depth || y < depth || x >= width - depth || y >= height - depth;
  });
}

/** The answer where the background is transparent or should be. `clear` is the transparent share of the border. */
function aboutTransparency(
  { colour }: BackgroundColourParams,
  clear: number,
  measured: CheckResult['measured'],
): CheckResult {
  const finding = clear > 0 ? 'The background is transparent.' : 'The background is not transparent.';
  if (colour === 'transparent' || colour === undefined) {
    const critique =
      'The background is not transparent; set background to transparent and ask for a cut-out subject.';
    return answer(estimated(clear - 0.75, plainSpread), measured, finding, critique);
  }
  return answer(
    0.02,
    measured,
    finding,
    `The background is transparent; ask for an opaque ${colour.label} background.`,
  );
}

/**
 * Is the background one even region of this colour? The background is what connects to the border; soft shadows on
 * it and the subject are left out. A busy background is a no, since a plain one was asked for and is not there.
 */
export const backgroundColourCheck: Check<BackgroundColourParams> = {
  kind: 'background_colour',

  parse(values) {
    const params = new Params(values);
    const text = params.text('colour', 40);
    const colour =
      text === undefined || text.toLowerCase() === 'transparent' ? text : parseColour('colour', text);
    const minPlainness = params.number('min_plainness', { min: 0, max: 1 }) ?? 0.75;
    if (colour === undefined && minPlainness === 0) throw new ParamError('colour', 'is required');
    return params.done({
      colour: typeof colour === 'string' ? ('transparent' as const) : colour,
      tolerance: params.number('tolerance', { min: 0.5, max: 60 }) ?? 10,
      minShare: params.number('min_share', { min: 0.05, max: 1 }) ?? 0.75,
      minPlainness,
    });
  },

  async run(params, { image }) {
    const { background, trust } = image.segmentation;
    const [main, ...rest] = backgroundPalette(image);
    const measured = {
      plainness: background.plainness,
      ground_share: background.share,
      transparent: background.transparent,
      segmentation_trust: trust,
    };
    if (background.transparent || params.colour === 'transparent') {
      return aboutTransparency(params, background.transparent ? background.plainness : 0, measured);
    }
    const plain =
      params.minPlainness === 0 ? 1 : estimated(background.plainness - params.minPlainness, plainSpread);
    if (main === undefined) {
      return answer(
        0.02,
        measured,
        'There is no background.',
        'Ask for a plain background around the subject.',
      );
    }
    const wanted = params.colour;
    let share = 1;
    let right = 1;
    if (wanted !== undefined) {
      share = [main, ...rest].reduce(
        (sum, swatch) =>
          sum +
          swatch.share * estimated(params.tolerance - differenceFrom(wanted, rgbToLab(swatch.rgb)), blur),
        0,
      );
      right = estimated(share - params.minShare, shareSpread);
    }
    const label = wanted?.label ?? 'single-coloured';
    const busy = `The background is busy or has several parts; ask for a plain, even ${label} background.`;
    return answer(
      Math.min(plain, right),
      {
        ...measured,
        colour: rgbToHex(main.rgb),
        colour_name: nameOf(main.rgb),
        ...(wanted === undefined
          ? {}
          : { share_within_tolerance: share, delta_e: differenceFrom(wanted, rgbToLab(main.rgb)) }),
      },
      `The background is mostly ${describe(main.rgb)} and ${percent(background.plainness)} of the border is one even ground.`,
      plain <= right
        ? busy
        : `The background is ${describe(main.rgb)}; ask for a plain, evenly lit ${label} background.`,
    );
  },
};
