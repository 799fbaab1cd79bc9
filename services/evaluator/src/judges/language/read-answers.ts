import type { ModelAnswer } from '@atelier/language-models';
import { z } from 'zod';
import type { Form, Item } from './items.ts';
import { type Line, wordsOf } from './layout.ts';

const entry = z.object({
  id: z.string(),
  // Where nothing holds a model to the schema, it likes to give a number as one.
  answer: z.union([z.string(), z.int().nonnegative().transform(String)]),
  finding: z.string().catch(''),
  fix: z.string().catch(''),
});

/** One entry of an answer. */
export type Entry = z.output<typeof entry>;

const answers = z.object({ answers: z.array(z.unknown()) });

/** Longest words that are taken over, in characters: two sentences, whatever else a model has to say. */
const MAX_WORDS = 400;

/** Longest text that is taken as read out. */
const MAX_READING = 2_000;

/** A good answer to one item. */
export interface ItemAnswer {
  readonly item: Item;
  readonly entry: Entry;
  /** `yes` or `no`, digits, or the text that was read. */
  readonly value: string;
}

/** What a model's answer comes to. */
export interface ReadAnswers {
  readonly good: readonly ItemAnswer[];
  /** Items that were left out, answered twice, or not in the form asked for. */
  readonly open: readonly Item[];
  /** Whether the control question was answered as an honest judge does; undefined where it was not answered at all. */
  readonly isHonest: boolean | undefined;
}

/** Entries in their order, those that are none left out. */
export function entriesOf(json: ModelAnswer['json']): Entry[] {
  const parsed = answers.safeParse(json);
  if (!parsed.success) return [];
  return parsed.data.answers.flatMap((each) => {
    const read = entry.safeParse(each);
    return read.success ? [read.data] : [];
  });
}

/** Finds each line's answer. What is answered twice is answered not at all: nobody knows which is meant. */
export function readAnswers(entries: readonly Entry[], lines: readonly Line[]): ReadAnswers {
  const good: ItemAnswer[] = [];
  const open: Item[] = [];
  let isHonest: boolean | undefined;
  for (const line of lines) {
    const own = entries.filter(({ id }) => id.trim() === line.id);
    const first = own.length === 1 ? own[0] : undefined;
    const value = first === undefined ? undefined : valueIn(first.answer, wordsOf(line).form);
    if (line.kind === 'control') isHonest = value === undefined ? undefined : value === 'no' || value === '0';
    else if (first === undefined || value === undefined) open.push(line.item);
    else good.push({ item: line.item, entry: shortened(first), value });
  }
  return { good, open, isHonest };
}

function valueIn(answer: string, form: Form): string | undefined {
  const text = answer.trim();
  if (form === 'read') return text.slice(0, MAX_READING);
  const word = text.toLowerCase().replace(/\.$/, '');
  if (form === 'yes_no') return word === 'yes' || word === 'no' ? word : undefined;
  return /^\d{1,6}$/.test(word) ? String(Number(word)) : undefined;
}

function shortened({ finding, fix, ...rest }: Entry): Entry {
  return { ...rest, finding: cut(finding), fix: cut(fix) };
}

/** In one line, cut at a word where there is one. */
export function cut(words: string): string {
  const line = words.replaceAll(/\s+/g, ' ').trim();
  if (line.length <= MAX_WORDS) return line;
  const end = line.lastIndexOf(' ', MAX_WORDS);
  return `${line.slice(0, end > 0 ? end : MAX_WORDS).toWellFormed()}…`;
}
