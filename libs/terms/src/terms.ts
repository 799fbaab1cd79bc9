/**
 * A text as terms are looked for in it, and what the spellings of one term have in common: case, width of letters, form of
 * quotation marks, kind and number of blanks, and characters that nobody sees, such as a space of no width or a soft
 * hyphen, count for nothing.
 */
export function termKey(text: string): string {
  const plain = ASCII.test(text) ? text : unfolded(text);
  return plain.replace(/\s+/gu, ' ').trim().toLowerCase();
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

/**
 * Terms that the text contains as words of their own, in the order in which they are given: `art` is not in `cart`. Terms
 * in scripts without spaces between words are found as they are. A term of blanks is in no text.
 */
export function presentTerms(text: string, terms: readonly string[]): string[] {
  const searched = termKey(text);
  return terms.filter((term) => {
    const key = termKey(term);
    // Lists are long and hits are rare: most terms are not there in any form.
    return key !== '' && searched.includes(key) && wordPattern(key).test(searched);
  });
}

/** Finds a text that is a key already as words of its own, with what may stand at its end. */
export function wordPattern(key: string, ending = ''): RegExp {
  const escaped = key.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`(?<![a-z0-9_])${escaped}${ending}(?![a-z0-9_])`, 'u');
}
