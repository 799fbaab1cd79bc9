import type { Check } from './check.ts';
import { Params } from './params.ts';
import { answer, estimated } from './probability.ts';

/** `min_share`: least share of the frame that must differ from a plain or evenly graded ground, default .003. */
export interface NotBlankParams {
  minShare: number;
}

/** A pixel differs when it is this far from the fitted ground, in OKLab units: more than compression leaves. */
const visible = 5;

/** Least squares of value = c0 + c1 x + c2 y on a full grid with centred coordinates, where the terms part. */
function planeFit(
  plane: Float32Array,
  channel: number,
  width: number,
  height: number,
): [number, number, number] {
  let sum = 0;
  let sumX = 0;
  let sumY = 0;
  for (let y = 0, i = channel; y < height; y++) {
    for (let x = 0; x < width; x++, i += 3) {
      const value = plane[i] as number;
      sum += value;
      sumX += value * (x - (width - 1) / 2);
      sumY += value * (y - (height - 1) / 2);
    }
  }
  const count = width * height;
  const varianceX = (count * (width * width - 1)) / 12;
  const varianceY = (count * (height * height - 1)) / 12;
  return [sum / count, sumX / Math.max(1, varianceX), sumY / Math.max(1, varianceY)];
}

/**
 * Does the picture show anything at all? One colour, an even gradient or full transparency is blank. The measure is
 * the share of visible pixels that lie off the best-fitting plane of colour.
 */
export const notBlankCheck: Check<NotBlankParams> = {
  kind: 'not_blank',

  parse(values) {
    const params = new Params(values);
    return params.done({ minShare: params.number('min_share', { min: 0.0001, max: 0.9 }) ?? 0.003 });
  },

  async run(params, { image }) {
    const { width, height, data } = image.working;
    const { oklab } = image;
    const fits = [0, 1, 2].map((channel) => planeFit(oklab, channel, width, height));
    let off = 0;
    let seen = 0;
    for (let i = 0; i < width * height; i++) {
      if ((data[4 * i + 3] as number) < 32) continue;
      seen++;
      const x = (i % width) - (width - 1) / 2;
      const y = Math.floor(i / width) - (height - 1) / 2;
      let squares = 0;
      for (let c = 0; c < 3; c++) {
        const [mean, slopeX, slopeY] = fits[c] as [number, number, number];
        squares += ((oklab[3 * i + c] as number) - mean - slopeX * x - slopeY * y) ** 2;
      }
      if (squares > visible * visible) off++;
    }
    // On transparency a solid shape is content, even if it has one colour.
    const clear = width * height - seen;
    const share = Math.max(off, Math.min(clear, seen)) / (width * height);
    const p = estimated(Math.log((share + 1e-5) / params.minShare), 0.3);
    return answer(
      p,
      { content_share: share, transparent_share: clear / (width * height) },
      `${(100 * share).toFixed(2)} % of the frame stands out from a plain ground.`,
      'The picture is blank; describe a clear subject that fills a good part of the frame.',
    );
  },
};
