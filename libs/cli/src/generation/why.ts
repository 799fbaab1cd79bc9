import {
  type Generation,
  GenerationState,
  OutcomeSchema,
} from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import { enumName, formatCost, plural } from '../output/format.ts';
import { plain } from '../output/text.ts';
import { cycleRounds, imagesOf } from './arms.ts';
import { outcomeMeaning, stopWords } from './outcome.ts';

/** Why a generation ended as it did, what it took, and what does not pass, in sentences. */
export function whyWords(generation: Generation): string {
  const { state, outcome, stopReason, failedQuestions, cost } = generation;
  if (state !== GenerationState.ENDED) return 'It has not ended yet.';
  const rounds = cycleRounds(generation);
  const failed = failedQuestions.map(
    ({ questionId, text, critique }) =>
      `"${plain(text) || questionId}"${critique === '' ? '' : ` (${plain(critique)})`}`,
  );
  return [
    `It ended ${enumName(OutcomeSchema, outcome)} because ${stopWords(stopReason)}. ${outcomeMeaning(outcome)}`,
    `It took ${plural(rounds.length, 'round')} and ${plural(imagesOf(rounds), 'image')}, and cost ${formatCost(cost)}.`,
    failed.length === 0 ? '' : `The best image does not pass: ${failed.join('; ')}.`,
  ]
    .filter(Boolean)
    .join(' ');
}
