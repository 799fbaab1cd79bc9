import type { LanguageModel } from '@atelier/language-models';
import type { Cost } from '@atelier/protos/atelier/common/v1/money_pb.ts';
import { shownSize } from '../../pixels/index.ts';
import { sumOfBounds, timesBound } from '../costs.ts';
import type { EstimateAsk, ImageSize } from '../judge.ts';
import { REPEATS } from './ask-once.ts';
import { WORDS } from './instructions.ts';
import { itemsOf } from './items.ts';
import { layOut } from './layout.ts';
import { planCalls } from './plan-calls.ts';
import { type Picture, questionRequest } from './question-request.ts';

/** Longer than each of the faults that a repeat may begin with. */
const LONGEST_FAULT = Object.values(WORDS.fault).join(' ');

/**
 * Upper bound of what answering costs: every call as often as it is asked when its tokens tell nothing, and every time with
 * all of its repeats.
 */
export function estimateAnswers(
  { model, asks, batch }: { readonly model: LanguageModel; readonly asks: number; readonly batch: number },
  { image, references, questions }: EstimateAsk,
): Cost {
  const picture = pictureOf(image);
  const bounds = planCalls(itemsOf(questions), batch).map((call) => {
    const isCompared = call.some(({ showReferences }) => showReferences);
    const request = questionRequest({
      picture,
      references: isCompared ? references.map(pictureOf) : [],
      lines: layOut(call, { images: '', ask: 0, attempt: 0 }),
      fault: LONGEST_FAULT,
      temperature: undefined,
      logProbabilities: model.logProbabilities,
    });
    return timesBound(model.estimate(request), asks * (1 + REPEATS));
  });
  return sumOfBounds(bounds);
}

/** A picture of that size as it is shown, for an estimate: nobody looks at it. */
export function pictureOf(size: ImageSize): Picture {
  return { bytes: new Uint8Array(), mediaType: 'image/png', ...shownSize(size) };
}
