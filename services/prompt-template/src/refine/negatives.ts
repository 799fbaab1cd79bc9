import { length } from '../text/compose.ts';
import { clausesOf, sentenceKey, withoutEnd } from '../text/sentences.ts';
import { containsTerm } from '../text/terms.ts';

/** The contract's limit on a negative prompt, in characters. */
const MAX_NEGATIVE = 8_192;

/** A negative prompt, with the terms that there was no room for. */
export interface Negatives {
  readonly negative: string;
  readonly leftOut: readonly string[];
}

/**
 * The negative prompt with further terms, each once. What would speak against a required term is left out, and so is
 * what there is no room for.
 */
export function addNegatives(
  negative: string,
  terms: readonly string[],
  untouchable: readonly string[],
): Negatives {
  const present = new Set(clausesOf(negative).map(withoutEnd).map(sentenceKey));
  const leftOut: string[] = [];
  let result = withoutEnd(negative);
  for (const term of terms) {
    if (present.has(sentenceKey(term)) || untouchable.some((each) => containsTerm(each, term))) continue;
    const longer = result === '' ? term : `${result}, ${term}`;
    present.add(sentenceKey(term));
    if (length(longer) > MAX_NEGATIVE) leftOut.push(term);
    else result = longer;
  }
  return { negative: result, leftOut };
}
