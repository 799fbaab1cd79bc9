import { length } from '../text/compose.ts';
import { clausesOf, sentenceKey, withoutEnd } from '../text/sentences.ts';
import { containsTerm } from '../text/terms.ts';

/** The contract's limit on a negative prompt, in characters. */
const MAX_NEGATIVE = 8_192;

/**
 * The negative prompt with further terms, each once. What would speak against a required term is left out, and so is
 * what there is no room for.
 */
export function addNegatives(
  negative: string,
  terms: readonly string[],
  untouchable: readonly string[],
): string {
  const present = new Set(clausesOf(negative).map(withoutEnd).map(sentenceKey));
  let result = withoutEnd(negative);
  for (const term of terms) {
    if (present.has(sentenceKey(term)) || untouchable.some((each) => containsTerm(each, term))) continue;
    const longer = result === '' ? term : `${result}, ${term}`;
    if (length(longer) > MAX_NEGATIVE) break;
    present.add(sentenceKey(term));
    result = longer;
  }
  return result;
}
