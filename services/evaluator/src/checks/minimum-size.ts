import { type Check, ParamError } from './check.ts';
import { Params } from './params.ts';
import { answer, exact } from './probability.ts';

/** At least one limit, all in pixels as shown: `width`, `height`, `short_side`, `long_side`. */
export interface MinimumSizeParams {
  width?: number;
  height?: number;
  shortSide?: number;
  longSide?: number;
}

/** A side of 80 % of its limit has lost about 90 % of the score. */
const scale = 0.1;

/** Is the picture at least so many pixels large? Read from the header, so never uncertain. */
export const minimumSizeCheck: Check<MinimumSizeParams> = {
  kind: 'minimum_size',

  parse(values) {
    const params = new Params(values);
    const side = (field: string) => params.number(field, { min: 1, max: 65_535, integer: true });
    const limits = {
      width: side('width'),
      height: side('height'),
      shortSide: side('short_side'),
      longSide: side('long_side'),
    };
    if (Object.values(limits).every((limit) => limit === undefined)) {
      throw new ParamError('short_side', 'or width, height or long_side is required');
    }
    return params.done(Object.fromEntries(Object.entries(limits).filter(([, limit]) => limit !== undefined)));
  },

  async run(params, { image }) {
    const { width, height } = image.header;
    const pairs: [number, number | undefined][] = [
      [width, params.width],
      [height, params.height],
      [Math.min(width, height), params.shortSide],
      [Math.max(width, height), params.longSide],
    ];
    const margins = pairs.flatMap(([actual, limit]) =>
      limit === undefined ? [] : [Math.log(actual / limit)],
    );
    const wanted = [
      ...(params.width === undefined ? [] : [`${params.width} wide`]),
      ...(params.height === undefined ? [] : [`${params.height} high`]),
      ...(params.shortSide === undefined ? [] : [`${params.shortSide} on the short side`]),
      ...(params.longSide === undefined ? [] : [`${params.longSide} on the long side`]),
    ].join(' and ');
    return answer(
      exact(Math.min(...margins), scale),
      { width_px: width, height_px: height },
      `The picture has ${width} x ${height} pixels.`,
      `The picture has ${width} x ${height} pixels; ask for a size of at least ${wanted}.`,
    );
  },
};
