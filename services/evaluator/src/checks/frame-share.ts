import { type Check, ParamError } from './check.ts';
import { Params } from './params.ts';
import { answer, estimated, percent } from './probability.ts';
import { findSubject, isSubject, type Subject } from './subject.ts';

/**
 * `min`, `max`: share of the frame that the subject takes, 0 to 1, defaults .15 and .9. `of`: what is compared:
 * `box` (default: area of its box), `area` (its own pixels), `side` (the longer of its width and height shares).
 * `min_margin`: least free space to every edge, as a share of the side, default 0 (it may touch an edge).
 */
export interface FrameShareParams {
  min: number;
  max: number;
  of: 'box' | 'area' | 'side';
  minMargin: number | undefined;
}

const measures: Record<FrameShareParams['of'], (subject: Subject) => number> = {
  box: (subject) => subject.widthShare * subject.heightShare,
  area: (subject) => subject.areaShare,
  side: (subject) => Math.max(subject.widthShare, subject.heightShare),
};

/** Relative error of a share: shadows, holes and thin parts change it by about this much. */
const spread = 0.06;

/** Error of a margin, as a share of the side. */
const marginSpread = 0.006;

/** Does the subject fill the frame as much as wanted, and keep its distance from the edges? */
export const frameShareCheck: Check<FrameShareParams> = {
  kind: 'frame_share',

  parse(values) {
    const params = new Params(values);
    const share = (field: string) => params.number(field, { min: 0, max: 1 });
    const min = share('min') ?? 0.15;
    const max = share('max') ?? Math.max(0.9, min);
    if (min > max) throw new ParamError('min', 'must not be above max');
    return params.done({
      min,
      max,
      of: params.choice('of', ['box', 'area', 'side']) ?? 'box',
      minMargin: params.number('min_margin', { min: 0, max: 0.45 }),
    });
  },

  async run(params, { image }) {
    const subject = findSubject(image);
    if (!isSubject(subject)) return subject;
    const { width, height } = subject.segmentation;
    const { box } = subject;
    const share = measures[params.of](subject);
    const margin = Math.min(
      box.left / width,
      box.top / height,
      1 - box.right / width,
      1 - box.bottom / height,
    );
    const large = params.min === 0 ? 1 : estimated(Math.log(share / params.min), spread);
    const small = params.max === 1 ? 1 : estimated(Math.log(params.max / share), spread);
    const free = params.minMargin === undefined ? 1 : estimated(margin - params.minMargin, marginSpread);
    const p = Math.min(large, small, free);
    const critique =
      p === free
        ? 'The subject is cut off by the edge or too close to it; ask for the whole subject with free space around it.'
        : p === large
          ? `The subject takes ${percent(share)} of the frame; ask for a closer view, so that it takes at least ${percent(params.min)}.`
          : `The subject takes ${percent(share)} of the frame; ask for more space around it, so that it takes at most ${percent(params.max)}.`;
    return answer(
      p,
      {
        share,
        box_share: measures.box(subject),
        area_share: subject.areaShare,
        margin_share: margin,
        left_share: box.left / width,
        top_share: box.top / height,
        right_share: box.right / width,
        bottom_share: box.bottom / height,
      },
      `The subject takes ${percent(share)} of the frame.`,
      critique,
    );
  },
};
