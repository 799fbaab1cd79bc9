import {
  type Generation,
  GenerationState,
  GenerationStateSchema,
  OutcomeSchema,
  ReviewDecision,
  ReviewDecisionSchema,
} from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import { enumName, enumWord, formatCost, formatElapsed, plural } from '../output/format.ts';
import type { Style } from '../output/style.ts';
import { labelled, plain } from '../output/text.ts';
import { cycleRounds } from './arms.ts';
import { isApproved, outcomeMeaning } from './outcome.ts';

/** How a generation ended, or where it is: outcome, images, cost. Files are those that were saved, by image name. */
export function endLines(
  generation: Generation,
  style: Style,
  width: number,
  files: ReadonlyMap<string, string> = new Map(),
): string[] {
  const { results, review, warnings, cost } = generation;
  return [
    title(generation, style),
    ...results.flatMap(({ image, stableUrl, round, approved, failedQuestionIds }) => {
      const failed = failedQuestionIds.length === 0 ? '' : `; not passed: ${failedQuestionIds.join(', ')}`;
      const file = files.get(image?.name ?? '');
      return [
        ...labelled('image', stableUrl || image?.name || '', Number.POSITIVE_INFINITY),
        ...(file === undefined ? [] : labelled('file', file, Number.POSITIVE_INFINITY)),
        ...labelled('', `round ${round}, ${approved ? 'passes' : 'not approved'}${failed}`, width),
      ];
    }),
    ...(review === undefined || review.decision === ReviewDecision.UNSPECIFIED
      ? []
      : labelled(
          'review',
          `${enumWord(ReviewDecisionSchema, review.decision)} by ${plain(review.reviewer)}${
            review.comment === '' ? '' : `: ${plain(review.comment)}`
          }`,
          width,
        )),
    ...warnings.flatMap((warning) => labelled('warning', plain(warning), width)),
    ...labelled('cost', formatCost(cost), width),
    ...labelled('name', generation.name, width),
  ];
}

function title(generation: Generation, style: Style): string {
  const { state, outcome, startTime, endTime, message } = generation;
  const rounds = cycleRounds(generation);
  if (state !== GenerationState.ENDED)
    return [style.bold(enumName(GenerationStateSchema, state)), plain(message)].filter(Boolean).join(': ');
  const look = isApproved(generation) ? style.green : style.yellow;
  const after = rounds.length === 0 ? '' : ` after ${plural(rounds.length, 'round')}`;
  const elapsed = formatElapsed(startTime, endTime);
  return `${style.bold(look(enumName(OutcomeSchema, outcome)))}${after}${elapsed === '' ? '' : ` in ${elapsed}`}. ${plain(message) || outcomeMeaning(outcome)}`;
}
