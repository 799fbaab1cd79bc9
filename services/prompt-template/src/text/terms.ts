import { termKey, wordPattern } from '@atelier/terms';

export { presentTerms } from '@atelier/terms';

/** Whether a text contains a term, whatever the case and however the words are spaced. */
export function containsTerm(text: string, term: string): boolean {
  return termKey(text).includes(termKey(term));
}

/** Terms that the text does not contain. */
export function missingTerms(text: string, terms: readonly string[]): string[] {
  return terms.filter((term) => !containsTerm(text, term));
}

/**
 * Whether a text says a value of a brief: its words as words of their own, so that `red` is not in `rendered`; the last may
 * stand in the plural.
 */
export function containsWords(text: string, value: string): boolean {
  return wordPattern(termKey(value), '(?:e?s)?').test(termKey(text));
}

/** The terms trimmed, without empty ones and repetitions. */
export function cleanTerms(terms: readonly string[]): string[] {
  const byKey = new Map<string, string>();
  for (const term of terms.map((each) => each.trim())) {
    const key = termKey(term);
    if (key !== '' && !byKey.has(key)) byKey.set(key, term);
  }
  return [...byKey.values()];
}
