import { firstColour } from './colours.ts';
import { continuesNegation, readAlone, readAvoided, withoutAvoided } from './negation.ts';
import { addText, takeQuotes, withoutQuotes } from './quotes.ts';
import type { PromptReading } from './reading.ts';
import { tell } from './reading.ts';
import { readSettings } from './settings.ts';
import { readSubjects, unknownSubject } from './subjects.ts';
import { wordsOf } from './words.ts';

const EMPHATIC =
  /\b(?:exactly|must|important(?:ly)?|strictly|precisely|essential|critical(?:ly)?|make sure|ensure|crucial(?:ly)?|always|mandatory|required|only|perfectly|absolutely)\b/i;
const NEGATIVE_SENTENCE =
  /^\s*(?:avoid|negative(?: prompt)?|exclude|do not include|don't include|leave out|remove|never show|must not (?:contain|include|show))\b\s*:?/i;
const NEGATIVE_CLAUSE =
  /\b(?:no|without|avoid(?:ing)?|free (?:of|from)|do(?:es)? not (?:include|show|add|contain|have|use)|don't (?:include|show|add)|must not (?:include|show|contain|have|be)|should not (?:include|show|contain|have|be)|exclud(?:e|ing)|remov(?:e|ing)|never|not|nor|absence of|instead of|rather than)\b/;
/** "A plain, uniform #ffeedd" is one phrase; the comma is no break. */
const LISTED_ADJECTIVES =
  /\b(plain|solid|clean|uniform|pure|seamless|simple|smooth),\s+(?=(?:plain|solid|uniform|seamless|simple|white|pure|smooth)\b|#)/g;
const SUBJECT_COLOUR =
  /\b(?:dominant|main|overall|subject(?:'s)?|object(?:'s)?|product(?:'s)?|predominant|primary)(?: (?:subject|object|product))? colou?r[\s:=]*(?:(?:is|must|should|be|to|of|a|exactly)\s+)*([\w#-]+(?: [\w-]+)?)|\b(?:make|colou?r|paint|turn|recolou?r) (?:the (?:subject|object|product)s?|it|them)\s+(?:to\s+)?([\w#-]+(?: [\w-]+)?)|\bthe (?:subject|object|product)s? (?:must be|should be|is|are)\s+([\w#-]+(?: [\w-]+)?)/;

/**
 * Reads a prompt as an attentive person would who knows only everyday words: what is to be shown, how many, in
 * which colours, on what, in which light, where, with which words, and what is to be kept out. What it does not
 * understand it leaves, so that a long and flowery prompt does no harm. `negative` is the separate negative prompt.
 */
export function parsePrompt(prompt: string, negative = '', style = ''): PromptReading {
  const reading: PromptReading = { subjects: [], texts: [], avoid: new Map() };
  const unread: { clause: string; emphasis: number }[] = [];
  let sawSubject = false;
  sentences(`${style ? `${style}. ` : ''}${prompt}`).forEach((sentence, index) => {
    const emphasis = EMPHATIC.test(withoutQuotes(sentence)) ? 1 : 0;
    const { texts, rest } = takeQuotes(sentence, emphasis);
    for (const text of texts) addText(reading.texts, text);
    const lower = rest.toLowerCase().replace(/[’]/g, "'");
    const negativeStart = NEGATIVE_SENTENCE.exec(lower);
    if (negativeStart) {
      readAvoided(reading, lower.slice(negativeStart[0].length), emphasis);
      return;
    }
    for (const clause of positiveClauses(reading, lower, emphasis)) {
      const left = readAlone(
        reading,
        readColour(reading, readSettings(reading, clause, emphasis), emphasis),
        emphasis,
      );
      if (readSubjects(reading, left, index, emphasis)) sawSubject = true;
      else if (!/§/.test(left)) unread.push({ clause: left, emphasis });
    }
  });
  if (!sawSubject) {
    const stranger = unread
      .map(({ clause, emphasis }) => unknownSubject(clause, emphasis))
      .find((subject) => subject !== undefined);
    if (stranger) reading.subjects.push(stranger);
  } else {
    // Beside things we know, a stranger counts only if it is introduced like one ("and a stapler").
    for (const { clause, emphasis } of unread.slice(0, 6)) {
      if (!/^\s*(?:and |plus )?(?:an?|one|two|three|four|five)\s/.test(clause)) continue;
      const stranger = unknownSubject(clause, emphasis);
      if (stranger) reading.subjects.push(stranger);
    }
  }
  for (const clause of negative.toLowerCase().split(/[,.;\n]/)) readAvoided(reading, clause, 0);
  reading.subjects = withoutAvoided(reading.subjects, reading.avoid);
  settleTotal(reading);
  return reading;
}

/** Sentences end at a full stop, a semicolon, a dash or a line end, but not inside a quotation or a number. */
function sentences(prompt: string): string[] {
  const held: string[] = [];
  const safe = prompt.replace(
    /"[^"]*"|“[^”]*”|«[^»]*»|‘[^’]*’(?=[\s.,;:!?)]|$)|(?<=^|[\s(:])'[^']*'(?=[\s.,;:!?)]|$)/gu,
    (quotation) => {
      held.push(quotation);
      return `\ue000${held.length - 1}\ue001`;
    },
  );
  return safe
    .split(/(?<=[.!?;\ue001])\s+(?=[A-Z(\ue000-])|[.!?;]\s|\n+|\s[-–—]\s/)
    .flatMap((part) => part.split(/[.;!?]$/))
    .map((part) => part.replace(/\ue000(\d+)\ue001/g, (_, index: string) => held[Number(index)] ?? ''))
    .filter((part) => part.trim() !== '');
}

/** Gives the clauses of a sentence that assert something, and reads those that rule something out. */
function positiveClauses(reading: PromptReading, sentence: string, emphasis: number): string[] {
  const positive: string[] = [];
  let negating = false;
  const joined = sentence.replace(LISTED_ADJECTIVES, '$1 ');
  for (const part of joined.split(
    /,(?! (?:red|green|blue|yellow|ripe|shiny|fresh)\b)|\bbut\b|\bwhile\b|\band\b(?= (?:an?|one|two|three|four|five|six)\s)|\((?=no\b)|\bwith (?=no\b)/,
  )) {
    const match = NEGATIVE_CLAUSE.exec(part);
    // "Do not crop" and "must not be blurry" need what follows; "no background" is a wish of its own.
    if (
      match &&
      !/\bno background\b/.test(part) &&
      !/\bnot? (?:less|more) than\b|\bno(?:thing)? else\b/.test(part)
    ) {
      positive.push(part.slice(0, match.index));
      readAvoided(reading, part.slice(match.index + match[0].length), emphasis);
      negating = true;
    } else if (negating && continuesNegation(part)) {
      readAvoided(reading, part, emphasis);
    } else {
      negating = false;
      positive.push(part);
    }
  }
  return positive.filter((part) => part.trim() !== '');
}

function readColour(reading: PromptReading, clause: string, emphasis: number): string {
  const match = SUBJECT_COLOUR.exec(clause);
  const hex = match ? firstColour(wordsOf(match[1] ?? match[2] ?? match[3] ?? '')) : undefined;
  if (!match || !hex) return clause;
  reading.subjectColour = tell(reading.subjectColour, { value: hex, emphasis, clear: true });
  return `${clause.slice(0, match.index)} | ${clause.slice(match.index + match[0].length)}`;
}

/** "Exactly three objects" about a single kind of thing is its count. */
function settleTotal(reading: PromptReading): void {
  const [only] = reading.subjects;
  if (!reading.total || !only || reading.subjects.length > 1) return;
  only.count = tell(only.count, reading.total);
}
