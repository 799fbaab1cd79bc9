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
  const searched = flat(text);
  return terms.filter((term) => {
    const wanted = flat(term);
    // Lists are long and hits are rare: most terms are not there in any form.
    return wanted !== '' && searched.includes(wanted) && wordPattern(wanted).test(searched);
  });
}

/**
 * Whether a text says a value of a brief: its words as words of their own, so that `red` is not in `rendered`; the last may
 * stand in the plural.
 */
export function containsWords(text: string, value: string): boolean {
  return new RegExp(`(?<![a-z0-9_])${escaped(flat(value))}(?:e?s)?(?![a-z0-9_])`, 'u').test(flat(text));
}

/** The terms trimmed, without empty ones and repetitions. */
export function cleanTerms(terms: readonly string[]): string[] {
  const byKey = new Map<string, string>();
  for (const term of terms.map((each) => each.trim())) {
    if (flat(term) !== '' && !byKey.has(flat(term))) byKey.set(flat(term), term);
  }
  return [...byKey.values()];
}

/**
 * The text as terms are looked for in it: letters of other widths are the plain ones, quotation marks the straight ones, and
 * marks that nobody sees, such as a space of no width or a soft hyphen, do not hide a term.
 */
function flat(text: string): string {
  const plain = ASCII.test(text) ? text : unfolded(text);
  return plain.replace(/\s+/g, ' ').trim().toLowerCase();
}

/** What holds no other letters needs no unfolding. */
const ASCII = /^[\t\n\r -~]*$/;

function unfolded(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/\p{Cf}/gu, '')
    .replace(/[“”„‟]/g, '"')
    .replace(/[‘’‚‛]/g, "'");
}

function wordPattern(flatTerm: string): RegExp {
  return new RegExp(`(?<![a-z0-9_])${escaped(flatTerm)}(?![a-z0-9_])`, 'u');
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
