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
    .replace(/[\p{Cf}\p{Default_Ignorable_Code_Point}]/gu, '')
    .replace(/[“”„‟]/g, '"')
    .replace(/[‘’‚‛]/g, "'");
}

/**
 * Terms that the text contains as words of their own, in the order in which they are given: `art` is not in `cart`. Terms
 * in scripts without spaces between words are found as they are. Letters of another script that look the same hide no term,
 * nor do strokes through its letters, nor a dash where it has a blank. A term of blanks is in no text.
 */
export function presentTerms(text: string, terms: readonly string[]): string[] {
  const searched = termKey(text);
  const seen = lookOf(searched);
  return terms.filter((term) => {
    const key = termKey(term);
    if (key === '') return false;
    return isIn(searched, key) || (seen !== searched && isIn(seen, lookOf(key)));
  });
}

function isIn(searched: string, key: string): boolean {
  // Lists are long and hits are rare: most terms are not there in any form.
  return searched.includes(key) && wordPattern(key).test(searched);
}

/**
 * What a key looks like to whoever reads it: Cyrillic and Greek letters as the Latin ones that they look like, in one of their
 * cases (Unicode's list of confusable characters, UTS #39, as far as it speaks of these), without marks that no letter has
 * taken in, and with blanks for dashes.
 */
function lookOf(key: string): string {
  const plain = key.replace(/[-_\p{Pd}]+/gu, ' ');
  if (ASCII.test(plain)) return plain;
  return plain
    .replace(/(?<=[a-z0-9])\p{Mn}+/gu, '')
    .replace(/[\u0370-\u04ff\u0500-\u052f]/gu, (letter) => LOOKS.get(letter) ?? letter);
}

const ALIKE = ['авекмнорстухіјѕԁһԛԝ', 'abekmhopctyxijsdhqw', 'αβεικμνορτυχ', 'abeikmvoptyx'] as const;
const LOOKS: ReadonlyMap<string, string> = new Map(
  [ALIKE.slice(0, 2), ALIKE.slice(2)].flatMap(([letters = '', latin = '']) =>
    [...letters].map((letter, index): [string, string] => [letter, latin[index] ?? letter]),
  ),
);

/** Finds a text that is a key already as words of its own, with what may stand at its end. */
export function wordPattern(key: string, ending = ''): RegExp {
  const escaped = key.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`(?<![a-z0-9_])${escaped}${ending}(?![a-z0-9_])`, 'u');
}
