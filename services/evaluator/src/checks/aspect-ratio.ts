import { type Check, ParamError } from './check.ts';
import { Params } from './params.ts';
import { answer, exact } from './probability.ts';

/** `ratio`: width over height, as `16:9`, `16/9`, `1.78`. `tolerance`: allowed relative difference, default .02. */
export interface AspectRatioParams {
  ratio: number;
  label: string;
  tolerance: number;
}

function readRatio(text: string): number {
  const parts = /^(\d+(?:\.\d+)?)(?:\s*[:/x]\s*(\d+(?:\.\d+)?))?$/i.exec(text);
  const ratio = parts === null ? Number.NaN : Number(parts[1]) / Number(parts[2] ?? 1);
  if (!(ratio >= 0.05 && ratio <= 20)) {
    throw new ParamError('ratio', 'must be a ratio such as 16:9 or 1.5, from 1:20 to 20:1');
  }
  return ratio;
}

/** Has the picture this ratio of width to height? Read from the header, so never uncertain. */
export const aspectRatioCheck: Check<AspectRatioParams> = {
  kind: 'aspect_ratio',

  parse(values) {
    const params = new Params(values);
    const label = params.text('ratio', 20);
    if (label === undefined) throw new ParamError('ratio', 'is required');
    return params.done({
      ratio: readRatio(label),
      label,
      tolerance: params.number('tolerance', { min: 0.001, max: 0.5 }) ?? 0.02,
    });
  },

  async run(params, { image }) {
    const { width, height } = image.header;
    const actual = width / height;
    const difference = Math.abs(Math.log(actual / params.ratio));
    const shape = actual > params.ratio ? 'too wide' : 'too tall';
    return answer(
      exact(Math.log1p(params.tolerance) - difference, 0.05),
      { ratio: actual, difference_relative: Math.expm1(difference) },
      `The picture is ${width} x ${height}, a ratio of ${actual.toFixed(2)}.`,
      `The picture is ${shape} (${width} x ${height}); ask for an aspect ratio of ${params.label}.`,
    );
  },
};
