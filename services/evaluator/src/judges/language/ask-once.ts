import type { AnswerToken } from '@atelier/language-models';
import { callModel, type ModelLine } from './call-model.ts';
import { NO_FORM, NONSENSE, type Unanswered } from './failures.ts';
import { WORDS } from './instructions.ts';
import type { Item } from './items.ts';
import { type Line, layOut } from './layout.ts';
import { type Picture, questionRequest } from './question-request.ts';
import { type Entry, entriesOf, type ItemAnswer, readAnswers } from './read-answers.ts';
import { placesOf, type TokenPlace } from './token-places.ts';

/** How often a call is repeated whose answer could not be used, in whole or in part. */
export const REPEATS = 2;

/** How often a judge may fail the control question before its answers count as nonsense. */
const MOST_DISHONEST = 1;

/** A model and the pictures that it is asked about. */
export interface Asking extends ModelLine {
  readonly picture: Picture;
  readonly references: readonly Picture[];
  /** Digest of all pictures, from which orders and control questions follow. */
  readonly images: string;
}

/** What one ask gave for one item: an answer, with its place in the tokens where there are any, or the lack of one. */
export type Outcome =
  | (ItemAnswer & { readonly kind: 'answer'; readonly place: TokenPlace | undefined })
  | (Unanswered & { readonly kind: 'none' });

/** Whether one ask is for the likeliest answer with its log-probabilities, or one of many that vary. */
export type AskMode = 'exact' | 'varied';

/**
 * Asks some items in one call. What was left out or malformed is asked again, and so is everything of a call whose control
 * question was answered yes, with the fault in words. Never throws: what has no answer in the end says why.
 */
export async function askOnce(
  asking: Asking,
  items: readonly Item[],
  ask: number,
  mode: AskMode,
  signal: AbortSignal,
): Promise<ReadonlyMap<Item, Outcome>> {
  const outcomes = new Map<Item, Outcome>();
  let open = items;
  let fault = '';
  let dishonest = 0;
  let ending: Unanswered = NO_FORM;
  for (let attempt = 0; attempt <= REPEATS && open.length > 0; attempt += 1) {
    const lines = layOut(open, { images: asking.images, ask, attempt });
    const answer = await askLines(asking, lines, fault, mode, signal);
    if ('critique' in answer) {
      ending = answer;
      break;
    }
    const { good, open: left, isHonest } = readAnswers(answer.entries, lines);
    ending = NO_FORM;
    if (isHonest === false) {
      dishonest += 1;
      ending = NONSENSE;
      fault = WORDS.fault.dishonest;
      if (dishonest > MOST_DISHONEST) break;
    } else if (isHonest === undefined)
      fault = WORDS.fault[answer.entries.length === 0 ? 'malformed' : 'incomplete'];
    else {
      for (const each of good)
        outcomes.set(each.item, { kind: 'answer', ...each, place: answer.placeOf(each) });
      open = left;
      fault = WORDS.fault.incomplete;
    }
  }
  for (const item of open) outcomes.set(item, { kind: 'none', ...ending });
  return outcomes;
}

/** What a model told of some lines. */
interface Told {
  readonly entries: readonly Entry[];
  readonly placeOf: (answer: ItemAnswer) => TokenPlace | undefined;
}

/** The likeliest answer, and answers as they vary. */
const TEMPERATURE: Readonly<Record<AskMode, number>> = { exact: 0, varied: 1 };

async function askLines(
  asking: Asking,
  lines: readonly Line[],
  fault: string,
  mode: AskMode,
  signal: AbortSignal,
): Promise<Told | Unanswered> {
  const { picture, references } = asking;
  const request = questionRequest({
    picture,
    references,
    lines,
    fault,
    temperature: TEMPERATURE[mode],
    logProbabilities: mode === 'exact',
  });
  const called = await callModel(asking, request, signal);
  if (called.kind === 'none') return called;
  if (called.kind === 'malformed') return { entries: [], placeOf: () => undefined };
  const { json, tokens } = called.answer;
  const entries = entriesOf(json);
  return { entries, placeOf: placeFinder(tokens, entries) };
}

function placeFinder(tokens: readonly AnswerToken[] | undefined, entries: readonly Entry[]) {
  const places = tokens === undefined ? undefined : placesOf(tokens, entries);
  return ({ entry: { id } }: ItemAnswer) => places?.[entries.findIndex((other) => other.id === id)];
}
