import { firstColour } from './colours.ts';
import type { TextPlace, TextReading } from './reading.ts';

/** Stands where a quotation stood, so that its words are not taken for things to draw. */
export const QUOTE_MARK = '§';

const QUOTED =
  /"([^"]{1,200})"|“([^”]{1,200})”|«([^»]{1,200})»|„([^“”]{1,200})[“”]|‘([^’]{1,200})’(?=[\s.,;:!?)]|$)|(?<=^|[\s(:])'([^']{1,200})'(?=[\s.,;:!?)]|$)/gu;

const UNQUOTED =
  /\b(?:the (?:text|words?|headline|slogan|title)|text|reading|reads|saying|says|titled|labell?ed)[ :]+(?:exactly[ :]+)?((?:[A-Z0-9][A-Z0-9&%!'-]+)(?: [A-Z0-9&%!'-]+){0,7})(?=[\s.,;]|$)/g;

const NEGATED =
  /\b(?:not|instead of|rather than|without|no|remove|avoid|never|misspel(?:t|led) as|currently (?:reads?|says?)|found|got|(?:was|were) read as|but (?:it )?(?:read|reads|was|says|said|shows?|showed))[\s:]*(?:the )?(?:text|words?|letters)?[\s:,]*$/i;

const PLACES: readonly (readonly [RegExp, TextPlace])[] = [
  [
    /\b(?:on|onto) (?:the|its|a|an|each|every) (?:\w+ )?(?:label|package|packet|bottle|carton|box|jar|can|bag|tag|front)\b|\bprinted on\b|\blabel(?:l?ed)?\b/,
    'label',
  ],
  [
    /\b(?:at|across|along|near|on|in|to) the (?:very )?top\b|\babove\b|\btop of\b|\bupper\b|\bheadline\b|\bheading\b|\btop\b/,
    'top',
  ],
  [
    /\b(?:at|across|along|near|on|in|to) the (?:very )?bottom\b|\bbelow\b|\bbeneath\b|\bunderneath\b|\blower\b|\bfooter\b|\bcaption\b|\bunder\b|\bbottom\b/,
    'bottom',
  ],
  [/\bbanner\b|\bribbon\b|\bsign\b/, 'banner'],
  [
    /\bin the (?:cent(?:re|er)|middle)\b|\bcent(?:red|ered|rally)\b|\bacross the (?:cent(?:re|er)|middle)\b/,
    'centre',
  ],
];

/** The texts a sentence wants written, and the sentence with each quotation replaced by a mark. */
export interface Quotations {
  texts: TextReading[];
  rest: string;
}

interface Span {
  start: number;
  end: number;
  text: string;
}

/** The sentence's own words: a "MUST" inside a quotation is no emphasis. */
export function withoutQuotes(sentence: string): string {
  return sentence.replace(QUOTED, ' ');
}

/** Takes the quotations out of one sentence. Case is kept, since text must be written as it was asked. */
export function takeQuotes(sentence: string, emphasis: number): Quotations {
  const spans = [...sentence.matchAll(QUOTED)].map((match) => ({
    start: match.index,
    end: match.index + match[0].length,
    text: match.slice(1).find((group) => group !== undefined) ?? '',
  }));
  if (spans.length === 0) {
    for (const match of sentence.matchAll(UNQUOTED)) {
      const text = match[1] ?? '';
      const start = match.index + match[0].length - text.length;
      spans.push({ start, end: start + text.length, text });
    }
  }
  const texts: TextReading[] = [];
  spans.forEach((span, index) => {
    const reading = read(sentence, span, spans[index - 1], spans[index + 1], emphasis);
    if (reading) texts.push(reading);
  });
  let rest = '';
  let from = 0;
  for (const span of spans) {
    rest += `${sentence.slice(from, span.start)} ${QUOTE_MARK} `;
    from = span.end;
  }
  rest += sentence.slice(from);
  // Places said of a text are not places of the subject.
  if (spans.length > 0)
    rest = rest.replace(
      /\b(?:at|across|along|in|on|near|to) the (?:very )?(?:top|bottom|middle|cent(?:re|er))\b|\bcent(?:red|ered)(?= (?:text|letters))/gi,
      ' ',
    );
  return { texts, rest };
}

function read(
  sentence: string,
  span: Span,
  previous: Span | undefined,
  next: Span | undefined,
  emphasis: number,
): TextReading | undefined {
  const before = sentence.slice(Math.max(previous?.end ?? 0, span.start - 70), span.start).toLowerCase();
  const after = sentence
    .slice(span.end, Math.min(next?.start ?? sentence.length, span.end + 70))
    .toLowerCase();
  if (NEGATED.test(before)) return undefined;
  const lines = span.text
    .split(/\r?\n|\\n|\s+\/\s+/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  if (lines.length === 0) return undefined;
  // What follows a quotation belongs to it first ("SALE" at the top, "50%" below).
  const own = after.split(/,|\band\b|\bwith\b/)[0] ?? '';
  const place = placeIn(own) ?? placeIn(before) ?? placeIn(after);
  const colour = letterColour(own) ?? letterColour(before) ?? letterColour(after);
  const around = `${before} ${own}`;
  const size = /\b(?:large|huge|big|giant|bold)\b/.test(around)
    ? 'large'
    : /\b(?:small|tiny|little)\b/.test(around)
      ? 'small'
      : 'normal';
  return { lines, ...(place ? { place } : {}), ...(colour ? { colour } : {}), size, emphasis };
}

function placeIn(words: string): TextPlace | undefined {
  return PLACES.find(([pattern]) => pattern.test(words))?.[1];
}

function letterColour(words: string): string | undefined {
  const match = /((?:[#\w-]+\s+){0,4})(?:letters|lettering|text|type|characters|words|font|headline)\b/.exec(
    words,
  );
  return match?.[1] ? firstColour(match[1].trim().split(/\s+/)) : undefined;
}

/** Adds a text to those already asked for. A near copy (a corrected spelling) takes the earlier one's place. */
export function addText(texts: TextReading[], text: TextReading): void {
  const key = (reading: TextReading) => reading.lines.join(' ').toLowerCase();
  const at = texts.findIndex((other) => nearlyEqual(key(other), key(text)));
  const before = texts[at];
  if (!before) {
    texts.push(text);
    return;
  }
  const place = text.place ?? before.place;
  const colour = text.colour ?? before.colour;
  texts[at] = {
    lines: text.lines,
    ...(place ? { place } : {}),
    ...(colour ? { colour } : {}),
    size: text.size === 'normal' ? before.size : text.size,
    emphasis: Math.max(before.emphasis, text.emphasis) + 1,
  };
}

function nearlyEqual(one: string, other: string): boolean {
  return editDistance(one, other) <= Math.max(one.length, other.length) / 4;
}

/** Levenshtein distance, one row at a time. */
export function editDistance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let i = 1; i <= one.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= other.length; j += 1) {
      const replaced = (row[j - 1] ?? 0) + (one[i - 1] === other[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[other.length] ?? 0;
}
