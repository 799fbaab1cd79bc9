/**
 * What two spellings of a term have in common: case, width of letters, kind and number of blanks, and characters that are
 * not seen count for nothing.
 */
export function termKey(term: string): string {
  return term
    .normalize('NFKC')
    .replace(/\p{Cf}/gu, '')
    .replace(/\s+/gu, ' ')
    .trim()
    .toLowerCase();
}

/**
 * Terms that the text contains as words of their own, in the order in which they are given: `art` is not in `cart`. Terms
 * in scripts without spaces between words are found as they are.
 */
export function presentTerms(text: string, terms: readonly string[]): string[] {
  const searched = termKey(text);
  return terms.filter((term) => wordPattern(term)?.test(searched));
}

/** Undefined for a term of blanks, which is in no text. */
function wordPattern(term: string): RegExp | undefined {
  const key = termKey(term);
  if (key === '') return undefined;
  const escaped = key.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`(?<![a-z0-9_])${escaped}(?![a-z0-9_])`, 'u');
}
