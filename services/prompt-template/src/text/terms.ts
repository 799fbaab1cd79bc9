/** Whether a text contains a term, whatever the case and however the words are spaced. */
export function containsTerm(text: string, term: string): boolean {
  return flat(text).includes(flat(term));
}

/** Terms that the text does not contain. */
export function missingTerms(text: string, terms: readonly string[]): string[] {
  return terms.filter((term) => !containsTerm(text, term));
}

/**
 * Terms that the text contains as words of their own: `art` is not in `cart`. Terms in scripts without spaces between
 * words are found as they are.
 */
export function presentTerms(text: string, terms: readonly string[]): string[] {
  return terms.filter((term) => wordPattern(term).test(flat(text)));
}

/** The terms trimmed, without empty ones and repetitions. */
export function cleanTerms(terms: readonly string[]): string[] {
  const byKey = new Map<string, string>();
  for (const term of terms.map((each) => each.trim())) {
    if (term !== '' && !byKey.has(flat(term))) byKey.set(flat(term), term);
  }
  return [...byKey.values()];
}

function flat(text: string): string {
  return text.normalize('NFC').replace(/\s+/g, ' ').trim().toLowerCase();
}

function wordPattern(term: string): RegExp {
  const escaped = flat(term).replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`(?<![a-z0-9_])${escaped}(?![a-z0-9_])`, 'u');
}
