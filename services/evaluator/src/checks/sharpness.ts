import { edgeWidths } from '../pixels/edge-width.ts';
import { toGrey } from '../pixels/raster.ts';
import type { Check } from './check.ts';
import { Params } from './params.ts';
import { answer, estimated } from './probability.ts';

/**
 * `max_edge_width_px`: the width of its sharper edges that still counts as sharp, at 1,024 pixels on the long side,
 * default 5 (a Gaussian blur with a sigma of about 2).
 */
export interface SharpnessParams {
  maxEdgeWidth: number;
}

/** Long side at which edges are measured; smaller pictures are measured as they are. */
const measuredSide = 1024;

/** Fewer strong edges than this, in scan lines crossed, are no picture. */
const leastEdges = 30;

/** Error of the width, as a ratio. */
const spread = 0.12;

/** Is the picture in focus? A blank picture, which has no edge, is not. */
export const sharpnessCheck: Check<SharpnessParams> = {
  kind: 'sharpness',

  parse(values) {
    const params = new Params(values);
    return params.done({ maxEdgeWidth: params.number('max_edge_width_px', { min: 1, max: 50 }) ?? 5 });
  },

  async run(params, { image }) {
    const { count, width } = edgeWidths(toGrey(await image.scaled(measuredSide)));
    if (count < leastEdges) {
      return answer(
        0.03,
        { edges: count },
        'There is hardly any edge in the picture.',
        'There is hardly an edge in the picture: it is blank or blurred all over; ask for a subject in sharp focus.',
      );
    }
    return answer(
      estimated(Math.log(params.maxEdgeWidth / width), spread),
      { edge_width_px: width, edges: count },
      `The sharper edges are ${width.toFixed(1)} pixels wide.`,
      `The picture is blurred (edges ${width.toFixed(1)} pixels wide); ask for sharp focus and crisp edges, without blur or haze.`,
    );
  },
};
