import type { Score } from '@atelier/protos/atelier/evaluation/v1/answer_pb.ts';
import {
  type ControlArm,
  type Generation,
  type HeldOut,
  type HeldOutLook,
  Outcome,
} from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import { formatCost, plural } from '../output/format.ts';
import { cycleRounds, imagesOf } from './arms.ts';
import { formatP } from './judge-words.ts';

/** A score in words: how many of the required questions pass, and the mean of p. */
export function scoreWords(score: Score | undefined): string {
  if (score === undefined) return 'not judged';
  const { requiredPasses, requiredTotal, geometricMean } = score;
  const gate =
    requiredTotal === 0
      ? 'no required questions'
      : `${requiredPasses} of ${requiredTotal} required questions pass`;
  return `${gate}, mean p ${formatP(geometricMean)}`;
}

/** Whether two looks are at the same image. */
export function isSameLook(a: HeldOutLook | undefined, b: HeldOutLook | undefined): boolean {
  return a !== undefined && b !== undefined && a.round === b.round && a.index === b.index;
}

/** What the judge says that took no part, of the best image of round 0 and of the result. */
export function heldOutWords({ judge, first, result }: HeldOut): string {
  if (first === undefined && result === undefined) return `${judge} was not asked.`;
  const of = (look: HeldOutLook | undefined) =>
    look === undefined ? 'not judged' : look.failure === '' ? scoreWords(look.score) : look.failure;
  const head = `${judge}, which took no part in the cycle, says of`;
  if (isSameLook(first, result)) return `${head} the result, which is the best of round 0: ${of(result)}.`;
  return `${head} the best of round 0: ${of(first)}; of the result (round ${result?.round ?? 0}): ${of(result)}.`;
}

/** What as many images of the first prompt came to, without refinement, beside what the cycle came to. */
export function controlWords(arm: ControlArm, generation: Generation): string {
  const images = plural(arm.images, 'image');
  const made = imagesOf(cycleRounds(generation));
  const isApproved = generation.outcome === Outcome.APPROVED;
  const verdict = arm.approved
    ? isApproved
      ? 'would have been approved as well'
      : 'would have been approved, where the cycle was not'
    : isApproved
      ? 'would not have been approved, where the cycle was'
      : 'would not have been approved either';
  return [
    `Without refinement, ${images} of the first prompt ${verdict} (the cycle made ${made}).`,
    `The best of them: ${scoreWords(arm.bestScore)}.`,
    arm.shortfall === '' ? '' : `Why it is no larger: ${arm.shortfall}`,
    `Its own images cost ${formatCost(arm.cost)}.`,
  ]
    .filter(Boolean)
    .join(' ');
}
