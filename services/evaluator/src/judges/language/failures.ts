import type { ModelFailure } from '@atelier/language-models';

/** Why an item has no answer, in words, and whether asking other times cannot make good for it. */
export interface Unanswered {
  readonly critique: string;
  readonly isFinal: boolean;
}

/** A model's failure in words. Its own message is for people, and names its instance. */
export function unansweredBy({ kind, message }: ModelFailure): Unanswered {
  const isFinal = kind === 'refused';
  return { critique: isFinal ? `The judge refused to answer: ${message}` : message, isFinal };
}

/** The judge answered nonsense. */
export const NONSENSE: Unanswered = {
  critique:
    'The judge says yes to what is certainly not in the picture: its answers about this picture cannot be trusted.',
  isFinal: true,
};

/** The judge did not answer as it was asked to. */
export const NO_FORM: Unanswered = {
  critique:
    'The judge did not answer the question in the form that was asked for, although it was asked again.',
  isFinal: false,
};

/** The time of the evaluation was over. */
export const LATE: Unanswered = { critique: 'The judge did not answer in time.', isFinal: false };

/** Something of ours failed, which is in the log. */
export const BROKEN: Unanswered = { critique: 'The judge could not be asked.', isFinal: false };
