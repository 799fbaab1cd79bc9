/**
 * Text in double quotes is wanted letter by letter: nothing is split or mended inside. A mark for inches, which has a
 * digit in front of it, opens no quotation.
 */
const QUOTED = /(?<![\p{L}\p{N}])(?:"[^"\n]*"|“[^”\n]*”)(?![\p{L}\p{N}])/gu;

/** What is in double quotes, without the quotes, in the order of the text. */
export function quotationsIn(text: string): string[] {
  return [...text.matchAll(QUOTED)]
    .map(([quoted]) => quoted.slice(1, -1))
    .filter((inner) => inner.trim() !== '');
}

/** Sentences of a prompt, each with its own end mark. Line ends divide too. */
export function sentencesOf(text: string): string[] {
  return splitOutsideQuotes(text, /(?<=[.!?]["”]?)\s+|\s*\n\s*/g);
}

/** Clauses of a sentence: what stands between its commas and semicolons, without them. */
export function clausesOf(sentence: string): string[] {
  return splitOutsideQuotes(sentence, /[,;]\s+/g);
}

/** Joins sentences, giving an end mark to those that have none. */
export function joinSentences(sentences: readonly string[]): string {
  return sentences
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence !== '')
    .map(withEnd)
    .join(' ');
}

/** The sentence with an end mark. */
export function withEnd(sentence: string): string {
  return /[.!?]["”]?$/.test(sentence) ? sentence : `${sentence.replace(/[,;:\s]+$/, '')}.`;
}

/** The sentence without its end mark. */
export function withoutEnd(sentence: string): string {
  return sentence.trim().replace(/[.,;\s]+$/, '');
}

/** The text with a capital at its beginning. */
export function capitalised(text: string): string {
  return text.replace(/^\p{Ll}/u, (letter) => letter.toUpperCase());
}

/** What two sentences have in common when they say the same: words, in order, whatever the case and the marks. */
export function sentenceKey(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}#%"]+/gu, ' ')
    .trim();
}

/**
 * Mends what empty variables leave behind: spaces in front of commas, commas in a row, lines of blanks. What is in
 * double quotes stays as it is.
 */
export function tidy(text: string): string {
  return mapOutsideQuotes(text.trim(), (part) =>
    part
      .replace(/[ \t\r]+/g, ' ')
      .replace(/ ?\n[\n ]*/g, '\n')
      .replace(/ +([,.;:!?])/g, '$1')
      .replace(/([,;])(?:\s*[,;])+/g, '$1')
      .replace(/[,;](?=\s*\.(?:\s|$))/g, ''),
  ).replace(/^[\s,;]+|[\s,;]+$/g, '');
}

function splitOutsideQuotes(text: string, border: RegExp): string[] {
  // A mask of the same length, in which quotations hold nothing that could be a border.
  const masked = text.replace(QUOTED, (quoted) => `"${'x'.repeat(quoted.length - 2)}"`);
  const parts: string[] = [];
  let start = 0;
  for (const match of masked.matchAll(border)) {
    parts.push(text.slice(start, match.index));
    start = match.index + match[0].length;
  }
  parts.push(text.slice(start));
  return parts.map((part) => part.trim()).filter((part) => part !== '');
}

function mapOutsideQuotes(text: string, change: (part: string) => string): string {
  let result = '';
  let start = 0;
  for (const match of text.matchAll(QUOTED)) {
    result += change(text.slice(start, match.index)) + match[0];
    start = match.index + match[0].length;
  }
  return result + change(text.slice(start));
}
