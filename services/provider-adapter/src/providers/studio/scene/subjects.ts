import { darken, mix } from '../colour.ts';
import { contentColour, DRAWN_NOUNS, drawingOf, isDrawn } from '../draw/catalogue.ts';
import { MAX_COUNT } from '../parse/numbers.ts';
import type { PromptReading, SubjectReading } from '../parse/reading.ts';
import type { StudioModelTraits } from '../traits.ts';
import type { Judgement } from './judgement.ts';
import { misspell } from './misspell.ts';
import type { PlannedGroup } from './plan.ts';

const ACCENTS = ['#d9534a', '#3f78b8', '#4b9a5a', '#e0a02a', '#7a5aa6'];
const WRONG_COLOURS = [
  '#dc1f26',
  '#ff8c00',
  '#ffd91a',
  '#2e9b3a',
  '#1f5fd0',
  '#7b2cbf',
  '#8b5a2b',
  '#8c8c8c',
];

/** Decides what is in the picture, how many of it and in which colours. */
export function planGroups(
  reading: PromptReading,
  traits: StudioModelTraits,
  judgement: Judgement,
  textAllowed: boolean,
): PlannedGroup[] {
  const subjects =
    reading.subjects.length > 0 || reading.texts.length > 0
      ? reading.subjects
      : [{ noun: pickAny(judgement), known: true, plural: false }];
  const kept = subjects.filter(
    (subject, index) =>
      subjects.length === 1 ||
      judgement.follows('subject', subject.count?.emphasis ?? 0, 0.5, `${index}:${subject.noun}`),
  );
  const chosen = kept.length > 0 ? kept : subjects.slice(0, 1);
  const counts = shareTotal(
    reading,
    chosen,
    chosen.map((subject, index) => countOf(subject, index, traits, judgement)),
    traits,
    judgement,
  );
  return chosen.flatMap((subject, index) =>
    groupsOf(reading, subject, index, counts[index] ?? 1, judgement, textAllowed),
  );
}

function pickAny(judgement: Judgement): string {
  return judgement.random('any-subject').pick(DRAWN_NOUNS);
}

/** A told count may fail; a vague one is near; an open one is the seed's. */
function countOf(
  subject: SubjectReading,
  index: number,
  traits: StudioModelTraits,
  judgement: Judgement,
): number {
  const key = `${index}:${subject.noun}`;
  const told = subject.count;
  const random = judgement.random(`count:${key}`);
  if (told?.clear) {
    if (judgement.follows('count', told.emphasis, countWeight(told.value, traits), `${key}:${told.value}`))
      return told.value;
    return miscount(told.value, random);
  }
  if (told) return Math.max(2, told.value + random.integer(-1, 1));
  if (subject.members)
    return judgement.chooses('count', 0.6, key) ? random.integer(3, 4) : random.integer(5, 9);
  if (subject.plural)
    return judgement.chooses('count', 0.6, key) ? random.integer(2, 4) : random.integer(5, 9);
  return judgement.chooses('count', 0.45, key) ? 1 : random.integer(2, 3);
}

function countWeight(count: number, traits: StudioModelTraits): number {
  return 1 + Math.max(0, count - traits.reliableCount) * 0.5;
}

function miscount(count: number, random: ReturnType<Judgement['random']>): number {
  const off = random.integer(1, count > 5 ? 3 : 1);
  return count === 1 || random.next() < 0.6
    ? Math.min(MAX_COUNT, count + off)
    : count - Math.min(off, count - 1);
}

/** "Exactly five items" over several kinds: the kinds without a number of their own make up the rest. */
function shareTotal(
  reading: PromptReading,
  subjects: readonly SubjectReading[],
  counts: number[],
  traits: StudioModelTraits,
  judgement: Judgement,
): number[] {
  const total = reading.total;
  if (!total || subjects.length < 2) return counts;
  if (!judgement.follows('total', total.emphasis, countWeight(total.value, traits), String(total.value)))
    return counts;
  const free = subjects.flatMap((subject, index) => (subject.count?.clear ? [] : [index]));
  if (free.length === 0) return counts;
  const next = counts.map((count, index) => (free.includes(index) ? 1 : count));
  let left = total.value - next.reduce((sum, count) => sum + count, 0);
  for (let turn = 0; left > 0; turn += 1, left -= 1) {
    const index = free[turn % free.length] ?? 0;
    next[index] = (next[index] ?? 0) + 1;
  }
  return next;
}

function groupsOf(
  reading: PromptReading,
  subject: SubjectReading,
  index: number,
  count: number,
  judgement: Judgement,
  textAllowed: boolean,
): PlannedGroup[] {
  const key = `${index}:${subject.noun}`;
  if (subject.members) {
    const members = judgement.random(`members:${key}`).shuffle(subject.members);
    return Array.from({ length: count }, (_, turn) => {
      const noun = members[turn % members.length] ?? subject.noun;
      return group(reading, { ...subject, noun }, `${key}:${turn}`, 1, judgement, textAllowed);
    });
  }
  return [
    group(reading, { ...subject, noun: nounOf(subject, key, judgement) }, key, count, judgement, textAllowed),
  ];
}

/** Now and then a model draws a neighbour: a plum for a peach. */
function nounOf(subject: SubjectReading, key: string, judgement: Judgement): string {
  if (!isDrawn(subject.noun) || judgement.follows('noun', 0, 0.2, key)) return subject.noun;
  const at = DRAWN_NOUNS.indexOf(subject.noun);
  return DRAWN_NOUNS[at > 0 ? at - 1 : at + 1] ?? subject.noun;
}

function group(
  reading: PromptReading,
  subject: SubjectReading,
  key: string,
  count: number,
  judgement: Judgement,
  textAllowed: boolean,
): PlannedGroup {
  const random = judgement.random(`look:${key}`);
  const drawing = drawingOf(subject.noun);
  const natural = random.pick(drawing.colours);
  const asked =
    subject.colours ??
    (reading.subjectColour ? { ...reading.subjectColour, value: [reading.subjectColour.value] } : undefined);
  let colours: readonly string[] = [natural];
  let coloured = false;
  if (asked) {
    coloured = judgement.follows('colour', asked.emphasis, 1, `${key}:${asked.value.join()}`);
    const wrong = random.pick(WRONG_COLOURS.filter((colour) => !asked.value.includes(colour)));
    colours = coloured ? asked.value : [random.next() < 0.5 ? natural : wrong];
  } else if (!judgement.chooses('natural-colour', 0.25, key)) {
    colours = [mix(natural, random.pick(WRONG_COLOURS), 0.4)];
  }
  const filling = subject.content && !coloured ? contentColour(subject.content) : undefined;
  const label = labelOf(subject, key, judgement, textAllowed);
  const container = containerOf(subject, random);
  // A bowl "of oranges" holds what it names.
  if (subject.content && isDrawn(subject.content) && OPEN_VESSELS.has(subject.noun)) {
    return {
      noun: subject.content,
      count: Math.max(3, Math.min(5, count + 2)),
      colours: [random.pick(drawingOf(subject.content).colours)],
      accent: random.pick(ACCENTS),
      container: { noun: subject.noun, colour: colours[0] ?? natural },
    };
  }
  return {
    noun: subject.noun,
    count,
    colours,
    accent: accentFor(colours[0] ?? natural, random.pick(ACCENTS)),
    ...(filling ? { fill: filling } : {}),
    ...(label ? { label } : {}),
    ...(container ? { container } : {}),
  };
}

/** Vessels whose contents show above the rim. */
export const OPEN_VESSELS: ReadonlySet<string> = new Set([
  'bowl',
  'plate',
  'basket',
  'pan',
  'pot',
  'bucket',
  'box',
]);

function containerOf(
  subject: SubjectReading,
  random: ReturnType<Judgement['random']>,
): { noun: string; colour: string } | undefined {
  if (!subject.container || !OPEN_VESSELS.has(subject.container)) return undefined;
  return { noun: subject.container, colour: random.pick(drawingOf(subject.container).colours) };
}

function labelOf(
  subject: SubjectReading,
  key: string,
  judgement: Judgement,
  textAllowed: boolean,
): string | undefined {
  if (!textAllowed) return undefined;
  const words = !isDrawn(subject.noun)
    ? subject.noun
    : subject.content && drawingOf(subject.noun).label && !isDrawn(subject.content)
      ? subject.content
      : undefined;
  if (!words) return undefined;
  const text = words.toUpperCase();
  return judgement.spells(text, 0) ? text : misspell(text, judgement.random(`label:${key}`));
}

/** Lids and straps in the colour of the body would vanish. */
function accentFor(colour: string, accent: string): string {
  return colour.toLowerCase() === accent ? darken(colour, 0.4) : accent;
}
