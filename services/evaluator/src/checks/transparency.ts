import type { Check } from './check.ts';
import { Params } from './params.ts';
import { answer, estimated } from './probability.ts';

/**
 * `expect`: `transparent` (default: a cut-out, its border see-through and its subject not) or `opaque`.
 * `min_border_share`: for transparent, the share of the border that must be see-through, default .8.
 */
export interface TransparencyParams {
  expect: 'transparent' | 'opaque';
  minBorderShare: number;
}

/** Below this alpha (of 255) a pixel is see-through; above `solid` it is opaque. */
const seeThrough = 32;
const solid = 224;

function shares(raster: { width: number; height: number; data: Uint8Array }) {
  const { width, height, data } = raster;
  let clear = 0;
  let opaque = 0;
  let border = 0;
  let borderClear = 0;
  for (let i = 0; i < width * height; i++) {
    const alpha = data[4 * i + 3] as number;
    if (alpha < seeThrough) clear++;
    else if (alpha > solid) opaque++;
    const x = i % width;
    const y = (i - x) / width;
    if (x > 0 && x < width - 1 && y > 0 && y < height - 1) continue;
    border++;
    if (alpha < seeThrough) borderClear++;
  }
  const count = width * height;
  return { clear: clear / count, opaque: opaque / count, border: borderClear / border };
}

/**
 * Is the subject cut out on transparency, or the picture fully opaque? An alpha channel that is opaque everywhere,
 * or a painted checkerboard, is not transparency; a picture that is transparent everywhere shows no subject.
 */
export const transparencyCheck: Check<TransparencyParams> = {
  kind: 'transparency',

  parse(values) {
    const params = new Params(values);
    return params.done({
      expect: params.choice('expect', ['transparent', 'opaque']) ?? 'transparent',
      minBorderShare: params.number('min_border_share', { min: 0.05, max: 1 }) ?? 0.8,
    });
  },

  async run(params, { image }) {
    const { clear, opaque, border } = shares(image.working);
    const measured = {
      alpha_channel: image.header.hasAlpha,
      transparent_share: clear,
      transparent_border_share: border,
      opaque_share: opaque,
    };
    const finding =
      clear === 0
        ? 'The picture is opaque everywhere.'
        : `${(100 * clear).toFixed(1)} % of the picture and ${(100 * border).toFixed(1)} % of its border are transparent.`;
    if (params.expect === 'opaque') {
      return answer(
        estimated(0.01 - (1 - opaque), 0.004),
        measured,
        finding,
        'Parts of the picture are transparent; ask for an opaque background.',
      );
    }
    const subject = estimated(opaque - 0.005, 0.001);
    const ground = estimated(border - params.minBorderShare, 0.06);
    const critique =
      opaque < 0.01
        ? 'Nothing solid is left in the picture; ask for a visible subject on a transparent background.'
        : 'The background is not transparent; ask for an isolated subject, set background to transparent and use PNG or WebP.';
    return answer(Math.min(subject, ground), measured, finding, critique);
  },
};
