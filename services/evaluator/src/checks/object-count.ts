import type { Component } from '../pixels/components.ts';
import { lobesOf } from '../pixels/lobes.ts';
import { type Segmentation, trustworthy } from '../pixels/segment.ts';
import { type Check, ParamError } from './check.ts';
import { Params } from './params.ts';
import { answer, cannotJudge } from './probability.ts';

/**
 * `count`, or `min` and/or `max`: how many separate objects are wanted, 0 to 50. `min_area_share`: share of the frame
 * below which a thing is not counted, default .004; nor is what is smaller than 5 % of the largest object.
 */
export interface ObjectCountParams {
  min: number;
  max: number;
  minAreaShare: number;
}

const crumbShare = 0.05;

/** Weight of the main reading of the background and of the stricter and laxer ones. */
const readingWeights = [0.6, 0.2, 0.2] as const;

/** From this trust on the count is taken at full weight. */
const fullTrust = 0.8;

function counted(objects: readonly Component[], frame: number, minAreaShare: number): Component[] {
  const least = Math.max(minAreaShare * frame, crumbShare * (objects[0]?.area ?? 0));
  return objects.filter((object) => object.area >= least);
}

/** How many more objects there are if every object that pinches in is several that touch. */
function extraIfTouching(segmentation: Segmentation, objects: readonly Component[]): number {
  return objects.reduce((sum, object) => {
    const lobes = lobesOf(segmentation.owner, object, segmentation.width, segmentation.height);
    return sum + Math.max(0, lobes.length - 1);
  }, 0);
}

function beyond(count: number, params: ObjectCountParams): number {
  return Math.max(params.min - count, count - params.max, 0);
}

function wantedWords({ min, max }: ObjectCountParams): string {
  if (min === max) return `exactly ${min}`;
  if (max === Number.POSITIVE_INFINITY) return `at least ${min}`;
  return min === 0 ? `at most ${max}` : `${min} to ${max}`;
}

/**
 * Are there so many separate objects? An object is what stands out from the background in one piece, whatever its
 * colours; a soft or drawn shadow under it is not one. The count is read three times with different tolerances,
 * and things that touch are counted both ways: where the readings disagree the answer is uncertain. Where
 * `Segmentation.trust` is below .5 (no even ground along the border, or more specks than things), the
 * background is too busy to count anything and the check cannot judge.
 */
export const objectCountCheck: Check<ObjectCountParams> = {
  kind: 'object_count',

  parse(values) {
    const params = new Params(values);
    const whole = (field: string) => params.number(field, { min: 0, max: 50, integer: true });
    const count = whole('count');
    const min = whole('min');
    const max = whole('max');
    if (count === undefined && min === undefined && max === undefined) {
      throw new ParamError('count', 'or min or max is required');
    }
    if (count !== undefined && (min !== undefined || max !== undefined)) {
      throw new ParamError('count', 'excludes min and max');
    }
    const limits = { min: count ?? min ?? 0, max: count ?? max ?? Number.POSITIVE_INFINITY };
    if (limits.min > limits.max) throw new ParamError('min', 'must not be above max');
    return params.done({
      ...limits,
      minAreaShare: params.number('min_area_share', { min: 0.0015, max: 0.5 }) ?? 0.004,
    });
  },

  async run(params, { image }) {
    const { segmentation } = image;
    const { trust, background } = segmentation;
    const frame = segmentation.width * segmentation.height;
    const main = counted(segmentation.objects, frame, params.minAreaShare);
    const readings = [main, ...segmentation.alternatives.map((o) => counted(o, frame, params.minAreaShare))];
    const count = main.length;
    if (trust < trustworthy) {
      return cannotJudge(
        { segmentation_trust: trust, background_plainness: background.plainness },
        'The background is too busy to count objects.',
        `The background is too busy to count objects; ask for ${wantedWords(params)} on a plain background.`,
      );
    }
    const extra = extraIfTouching(segmentation, main);
    let agreeing = 0;
    readings.forEach((objects, i) => {
      const weight = (readingWeights[i] ?? 0) / 2;
      if (beyond(objects.length, params) === 0) agreeing += weight;
      if (beyond(objects.length + extra, params) === 0) agreeing += weight;
    });
    const p = agreeing > 0 ? 0.04 + 0.93 * agreeing : 0.04 * Math.exp(1 - beyond(count, params));
    const objects = count === 1 ? '1 separate object' : `${count} separate objects`;
    const critique =
      extra > 0 && agreeing > 0
        ? `Objects touch, so that they count as ${count} or ${count + extra}; ask for ${wantedWords(params)}, with clear space between them.`
        : `There ${count === 1 ? 'is' : 'are'} ${objects}; ask for ${wantedWords(params)}, clearly apart, and nothing else in the frame.`;
    return answer(
      0.5 + (p - 0.5) * Math.min(1, trust / fullTrust),
      {
        count,
        count_if_touching_parts_are_separate: count + extra,
        count_strict: readings[1]?.length ?? count,
        count_lax: readings[2]?.length ?? count,
        segmentation_trust: trust,
      },
      `There ${count === 1 ? 'is' : 'are'} ${objects}.`,
      critique,
    );
  },
};
