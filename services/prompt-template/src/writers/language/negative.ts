import { addNegatives, type Negatives } from '../../refine/negatives.ts';
import { length } from '../../text/compose.ts';
import { hasControls } from '../../text/controls.ts';
import { clausesOf, withoutEnd } from '../../text/sentences.ts';
import { presentTerms } from '../../text/terms.ts';
import type { Answer } from './answer.ts';

/** Most terms that a model adds to a negative prompt, and most characters of each; what is longer is no term. */
const MAX_TERMS = 20;
const MAX_TERM = 100;

/**
 * The negative prompt that was there with the terms that a model adds. None of what was there is lost. What the prompt itself
 * asks for, what is required and what is forbidden are not added, whatever the model thinks.
 */
export function withAnswered(
  negative: string,
  answer: Answer,
  requiredTerms: readonly string[],
  forbiddenTerms: readonly string[],
): Negatives {
  const terms = answer.negative
    .split('\n')
    .flatMap(clausesOf)
    .map(withoutEnd)
    .filter((term) => term !== '' && length(term) <= MAX_TERM && !hasControls(term))
    .filter((term) => presentTerms(answer.prompt, [term]).length === 0)
    .filter((term) => presentTerms(term, forbiddenTerms).length === 0)
    .slice(0, MAX_TERMS);
  return addNegatives(negative, terms, requiredTerms);
}
