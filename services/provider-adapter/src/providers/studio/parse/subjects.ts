import { colourAt, isColourWord } from './colours.ts';
import { nounAt, singularOf } from './lexicon.ts';
import { numberWord } from './numbers.ts';
import type { PromptReading, SubjectReading, Told } from './reading.ts';
import { tell } from './reading.ts';
import {
  ADJECTIVES,
  CONTAINERS,
  DETERMINERS,
  JOINING,
  NOT_THINGS,
  OBJECT_WORDS,
  STOPS,
  VESSELS,
  wordsOf,
} from './words.ts';

interface Phrase {
  subject: SubjectReading;
  end: number;
}

/** Finds the things a clause names and adds them to the reading. Returns whether it found any that it knows. */
export function readSubjects(
  reading: PromptReading,
  clause: string,
  sentence: number,
  emphasis: number,
): boolean {
  const words = wordsOf(clause);
  let found = false;
  for (let index = 0; index < words.length; index += 1) {
    const total = totalAt(words, index);
    if (total !== undefined) {
      reading.total = tell(reading.total, { value: total, emphasis, clear: true });
      continue;
    }
    if (isColourNotFruit(words, index)) continue;
    const noun = nounAt(words, index);
    if (!noun) continue;
    const phrase = describe(words, index, noun, emphasis);
    addSubject(reading, phrase.subject, sentence);
    index = phrase.end - 1;
    found = true;
  }
  return found;
}

/** "Exactly 3 objects", "a single product". */
function totalAt(words: readonly string[], index: number): number | undefined {
  const count = numberWord(words[index] ?? '');
  if (!count?.clear) return undefined;
  for (let next = index + 1; next < Math.min(words.length, index + 4); next += 1) {
    const word = words[next] ?? '';
    if (OBJECT_WORDS.test(word)) return count.value;
    if (!ADJECTIVES.test(word) && !DETERMINERS.has(word) && word !== 'main') return undefined;
  }
  return undefined;
}

/** "Orange", "peach" and "lime" name a colour when a thing follows them. */
function isColourNotFruit(words: readonly string[], index: number): boolean {
  if (!isColourWord(words[index] ?? '')) return false;
  for (let next = index + 1; next < Math.min(words.length, index + 4); next += 1) {
    const word = words[next] ?? '';
    if (STOPS.has(word) || word === '|' || word === ',') return false;
    if (nounAt(words, next) && !nounAt(words, index)?.plural) return true;
  }
  return false;
}

function describe(
  words: readonly string[],
  index: number,
  noun: NonNullable<ReturnType<typeof nounAt>>,
  emphasis: number,
): Phrase {
  const before = lookBack(words, index, noun.plural, emphasis);
  let end = index + noun.length;
  const subject: SubjectReading = {
    noun: noun.noun,
    known: true,
    plural: noun.plural,
    ...(noun.members ? { members: noun.members } : {}),
    ...(before.count && !noun.members ? { count: before.count } : {}),
    ...(before.count &&
    noun.members &&
    before.count.emphasis + Number(noun.plural) > 0 &&
    before.count.value > 1
      ? { count: before.count }
      : {}),
  };
  let colours = before.colours;
  // "Apples in red", "an apple that is green", "apples, all red", "the apple must be red".
  const after = words.slice(end, end + 8);
  const skipped = after.findIndex(
    (word) =>
      !/^(?:in|that|which|is|are|all|both|each|must|should|be|have|has|a|an|,|coloured|colored|exactly|clearly)$/.test(
        word,
      ),
  );
  const ahead = skipped > 0 ? colourAt(words, end + skipped) : undefined;
  const trailing = words[end + skipped + (ahead?.length ?? 0)] ?? '|';
  if (ahead && (STOPS.has(trailing) || trailing === '|' || trailing === ',')) {
    if (!nounAt(words, end + skipped) || /^(?:in|is|are|be)$/.test(words[end + skipped - 1] ?? '')) {
      colours = [ahead.hex];
      end += skipped + ahead.length;
    }
  }
  if (colours.length > 0) subject.colours = { value: colours, emphasis, clear: true };
  const filling = VESSELS.has(noun.noun) ? contentAfter(words, end) : undefined;
  if (filling) {
    subject.content = filling.content;
    end = filling.end;
  }
  const vessel = containerAfter(words, end);
  if (vessel) {
    subject.container = vessel.noun;
    end = vessel.end;
  }
  return { subject, end };
}

function lookBack(
  words: readonly string[],
  index: number,
  plural: boolean,
  emphasis: number,
): { count?: Told<number>; colours: string[] } {
  const colours: string[] = [];
  let count: Told<number> | undefined;
  let article = false;
  for (let at = index - 1; at >= 0 && index - at <= 9; at -= 1) {
    const word = words[at] ?? '';
    if (word === 'of' && numberWord(words[at - 1] ?? '')) continue;
    if (word === '|' || word === '§') break;
    if (word === ',' || word === 'and') {
      // "Red and green apples", "a shiny, red apple": only adjectives and colours may stand on the far side.
      const far = words[at - 1] ?? '';
      if ((isColourWord(far) && colours.length > 0) || ADJECTIVES.test(far)) continue;
      break;
    }
    const number = numberWord(word);
    if (number) {
      const exact = /^(?:exactly|only|just|precisely|strictly)$/.test(words[at - 1] ?? '');
      // "Half a dozen", "a dozen", "two dozen".
      const half = word === 'dozen' && words[at - 1] === 'a' && words[at - 2] === 'half';
      const strong = /^(?:single|sole|lone)$/.test(word) || exact;
      if (!count || number.clear)
        count = {
          value: half ? 6 : number.value,
          emphasis: emphasis + (strong ? 1 : 0),
          clear: number.clear,
        };
      continue;
    }
    const wide = at > 0 ? colourAt(words, at - 1) : undefined;
    if (wide?.length === 2) {
      colours.unshift(wide.hex);
      at -= 1;
      continue;
    }
    const colour = colourAt(words, at);
    if (colour) {
      colours.unshift(colour.hex);
      continue;
    }
    if (word === 'a' || word === 'an' || word === 'another') article = true;
    if (DETERMINERS.has(word)) continue;
    if (STOPS.has(word)) break;
    if (nounAt(words, at) && !ADJECTIVES.test(word)) break;
  }
  if (!count && article && !plural) count = { value: 1, emphasis, clear: true };
  return { ...(count ? { count } : {}), colours };
}

function contentAfter(words: readonly string[], end: number): { content: string; end: number } | undefined {
  let at = end;
  while (JOINING.has(words[at] ?? '') || (at > end && words[at] === 'with')) at += 1;
  if (at === end) return undefined;
  while (
    ADJECTIVES.test(words[at] ?? '') ||
    DETERMINERS.has(words[at] ?? '') ||
    isColourNotFruit(words, at) ||
    numberWord(words[at] ?? '')
  )
    at += 1;
  const noun = nounAt(words, at);
  if (noun && !noun.members)
    return { content: noun.noun === 'carton' ? 'milk' : noun.noun, end: at + noun.length };
  if (noun?.members) return { content: noun.members[0] ?? noun.noun, end: at + noun.length };
  const taken: string[] = [];
  while (taken.length < 2 && /^[a-z]/.test(words[at] ?? '|') && !STOPS.has(words[at] ?? '')) {
    taken.push(words[at] ?? '');
    at += 1;
  }
  return taken.length > 0 ? { content: taken.join(' '), end: at } : undefined;
}

function containerAfter(words: readonly string[], end: number): { noun: string; end: number } | undefined {
  let at = end;
  if (!/^(?:in|inside|on|into)$/.test(words[at] ?? '')) return undefined;
  at += 1;
  while (
    DETERMINERS.has(words[at] ?? '') ||
    ADJECTIVES.test(words[at] ?? '') ||
    isColourWord(words[at] ?? '')
  )
    at += 1;
  const noun = nounAt(words, at);
  return noun && CONTAINERS.has(noun.noun) ? { noun: noun.noun, end: at + noun.length } : undefined;
}

const MADE_IN = new WeakMap<SubjectReading, number>();

/** A later mention of the same thing adds to what is known of it; within one sentence another colour means another thing. */
function addSubject(reading: PromptReading, subject: SubjectReading, sentence: number): void {
  const at = reading.subjects.findIndex((other) => {
    if (other.noun !== subject.noun) return false;
    const apart = MADE_IN.get(other) === sentence && other.colours && subject.colours;
    return !(apart && JSON.stringify(other.colours?.value) !== JSON.stringify(subject.colours?.value));
  });
  const before = reading.subjects[at];
  if (!before) {
    MADE_IN.set(subject, sentence);
    reading.subjects.push(subject);
    return;
  }
  // "The apple must be red" does not say that there is one apple.
  if (subject.count) before.count = tell(before.count, subject.count);
  if (subject.colours) before.colours = tell(before.colours, subject.colours);
  if (subject.content) before.content = subject.content;
  if (subject.container) before.container = subject.container;
  before.plural ||= subject.plural;
}

/** The head of an unknown noun phrase ("a chrome stapler" gives "stapler"), for prompts about things nobody taught us. */
export function unknownSubject(clause: string, emphasis: number): SubjectReading | undefined {
  const words = wordsOf(clause);
  const isThing = (word: string) =>
    /^[a-z]{3}/.test(word) &&
    !NOT_THINGS.has(word) &&
    !STOPS.has(word) &&
    !isColourWord(word) &&
    !numberWord(word) &&
    !ADJECTIVES.test(word) &&
    !DETERMINERS.has(word);
  for (let at = 0; at < words.length; at += 1) {
    const head = words[at] ?? '';
    const next = words[at + 1] ?? '|';
    // The head is the last word before a preposition, a verb or a break.
    if (!isThing(head) || (/^[a-z]/.test(next) && !STOPS.has(next))) continue;
    const singular = singularOf(head);
    const { count, colours } = lookBack(words, at, singular !== head, emphasis);
    const qualifier = at > 0 && isThing(words[at - 1] ?? '') ? [words[at - 1]] : [];
    return {
      noun: [...qualifier, singular].join(' '),
      known: false,
      plural: singular !== head,
      ...(count ? { count } : {}),
      ...(colours.length > 0 ? { colours: { value: colours, emphasis, clear: true } } : {}),
    };
  }
  return undefined;
}
