import {
  type Generation,
  Outcome,
  ReviewDecision,
  StopReason,
} from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import { Exit } from '../exit-codes.ts';

/** Why a cycle stopped, as the end of "It stopped because …". */
const stopReasons: Readonly<Record<number, string>> = {
  [StopReason.ENOUGH_PASS]: 'as many images pass as were asked for',
  [StopReason.MAX_ROUNDS]: 'all rounds that the policy allows are used',
  [StopReason.NO_GAIN]: 'further rounds brought no gain',
  [StopReason.MAX_COST]: 'the next step could have cost more than the policy allows',
  [StopReason.MAX_DURATION]: 'the time that the policy allows is over',
  [StopReason.CANCELLED]: 'it was cancelled',
  [StopReason.REFUSED]: "the provider's moderation refused the input",
  [StopReason.LADDER_TOP]: 'every way to mend it was tried: other words, other seeds, edits, other models',
  [StopReason.NO_QUESTIONS]: 'there are no questions to judge by, so one round is all',
  [StopReason.CANNOT_REFINE]: 'no different prompt could be written',
  [StopReason.PROVIDER_FAILED]: 'every model that may be used failed',
  [StopReason.BUDGET_EXCEEDED]: 'a budget is used up',
  [StopReason.COORDINATION_LOST]: 'the platform lost what coordinates it; it is never run again',
  [StopReason.INTERNAL]: 'the platform failed',
  [StopReason.NOTHING_TO_REFINE]: 'what does not pass cannot be mended by another prompt',
};

/** What an outcome means for whoever wants to use the image. */
const meanings: Readonly<Record<number, string>> = {
  [Outcome.APPROVED]: 'Every result passes all required questions.',
  [Outcome.NEEDS_REVIEW]: 'Nothing failed, but something is uncertain or was not judged: a person decides.',
  [Outcome.EXHAUSTED]: 'Something required still fails. The best images are kept, and not approved.',
  [Outcome.UNJUDGED]: 'There was nothing to judge by: no rubric and no questions.',
  [Outcome.REFUSED]: 'The input was refused; it was neither rewritten nor sent elsewhere.',
  [Outcome.FAILED]: 'No image could be made.',
  [Outcome.CANCELLED]: 'It was cancelled. The best images so far are kept.',
};

/** Why it stopped, to follow "because". */
export function stopWords(reason: number): string {
  return stopReasons[reason] ?? 'of a reason that this version does not know';
}

/** What the outcome means. */
export function outcomeMeaning(outcome: number): string {
  return meanings[outcome] ?? 'It has not ended.';
}

/** Whether its image may be shipped: approved by the gate or by a person, and not rejected by one. */
export function isApproved({ outcome, review }: Generation): boolean {
  if (review !== undefined && review.decision !== ReviewDecision.UNSPECIFIED)
    return review.decision === ReviewDecision.APPROVED;
  return outcome === Outcome.APPROVED;
}

/** The exit code of a command that waited for a generation. */
export function exitCodeOfGeneration(generation: Generation): number {
  return isApproved(generation) ? Exit.OK : Exit.NOT_APPROVED;
}
