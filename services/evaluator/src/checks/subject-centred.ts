import type { Check } from './check.ts';
import { Params } from './params.ts';
import { answer, estimated } from './probability.ts';
import { findSubject, isSubject } from './subject.ts';

/**
 * `max_offset`: largest distance of the middle of the subject's box from the middle of the frame, as a share of the
 * frame's side, default .08. `axis`: `both` (default), `horizontal` or `vertical`.
 */
export interface SubjectCentredParams {
  maxOffset: number;
  axis: 'both' | 'horizontal' | 'vertical';
}

/** Error of a subject's middle by its shadow and thin parts, as a share of the frame. */
const spread = 0.015;

/** Is the subject in the middle of the frame? */
export const subjectCentredCheck: Check<SubjectCentredParams> = {
  kind: 'subject_centred',

  parse(values) {
    const params = new Params(values);
    return params.done({
      maxOffset: params.number('max_offset', { min: 0.01, max: 0.5 }) ?? 0.08,
      axis: params.choice('axis', ['both', 'horizontal', 'vertical']) ?? 'both',
    });
  },

  async run(params, { image }) {
    const subject = findSubject(image);
    if (!isSubject(subject)) return subject;
    const { width, height } = subject.segmentation;
    const { box } = subject;
    const x = (box.left + box.right) / 2 / width - 0.5;
    const y = (box.top + box.bottom) / 2 / height - 0.5;
    const offset = Math.max(
      params.axis === 'vertical' ? 0 : Math.abs(x),
      params.axis === 'horizontal' ? 0 : Math.abs(y),
    );
    const sides = [
      ...(params.axis !== 'vertical' && Math.abs(x) > params.maxOffset ? [x > 0 ? 'right' : 'left'] : []),
      ...(params.axis !== 'horizontal' && Math.abs(y) > params.maxOffset ? [y > 0 ? 'low' : 'high'] : []),
    ];
    const where =
      sides.length === 0 ? 'close to the edge of what is allowed' : `too far ${sides.join(' and too ')}`;
    return answer(
      estimated(params.maxOffset - offset, spread),
      { offset_share: offset, offset_x_share: x, offset_y_share: y },
      `The subject's middle is ${(100 * offset).toFixed(1)} % of the frame away from the centre.`,
      `The subject is ${where}; ask for it centred in the frame.`,
    );
  },
};
