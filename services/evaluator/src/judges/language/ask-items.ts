import { ProbabilitySource } from '@atelier/protos/atelier/evaluation/v1/answer_pb.ts';
import type { Question } from '@atelier/protos/atelier/evaluation/v1/rubric_pb.ts';
import { expectedCount } from '../../rubric/open-count.ts';
import { type Asking, askOnce, type Outcome } from './ask-once.ts';
import type { Unanswered } from './failures.ts';
import type { Item } from './items.ts';
import { numberProbability, yesProbability } from './token-probability.ts';

type Answered = Extract<Outcome, { kind: 'answer' }>;

/** What all asks of one item come to. */
export type ItemResult =
  | {
      readonly kind: 'answered';
      /** At least one answer, each in the words of the model. */
      readonly answers: readonly Answered[];
      /** p from log-probabilities; undefined where p is the share among the answers. */
      readonly p: number | undefined;
      readonly source: ProbabilitySource;
    }
  | { readonly kind: 'unanswered'; readonly critique: string };

/** How often a judge is asked whose answers have no log-probabilities. */
export interface Repetition {
  readonly asks: number;
  /** Number of the first ask. A second look goes on counting, since the same call once more would only be answered the same. */
  readonly from: number;
  readonly questions: readonly Question[];
}

/**
 * Asks the items of one call until each has its p: once where the answer's tokens tell p, else as often as is asked. Where the
 * tokens of a model that should tell do not, its answer counts as the first of the repeated ones.
 */
export async function askItems(
  asking: Asking,
  items: readonly Item[],
  { asks, from, questions }: Repetition,
  signal: AbortSignal,
): Promise<ReadonlyMap<Item, ItemResult>> {
  if (!asking.model.logProbabilities) {
    const all = await Promise.all(
      Array.from({ length: asks }, (_, ask) => askOnce(asking, items, from + ask, 'varied', signal)),
    );
    return new Map(items.map((item) => [item, fromShare(outcomesOf(all, item), asks)]));
  }
  const first = await askOnce(asking, items, from, 'exact', signal);
  const results = new Map<Item, ItemResult>();
  const silent: Item[] = [];
  for (const [item, outcome] of first) {
    const result = fromTokens(item, outcome, questions);
    if (result === undefined) silent.push(item);
    else results.set(item, result);
  }
  const others = await Promise.all(
    Array.from({ length: silent.length === 0 ? 0 : asks - 1 }, (_, index) =>
      askOnce(asking, silent, from + index + 1, 'varied', signal),
    ),
  );
  for (const item of silent) results.set(item, fromShare(outcomesOf([first, ...others], item), asks));
  return results;
}

function outcomesOf(asks: readonly ReadonlyMap<Item, Outcome>[], item: Item): Outcome[] {
  return asks.flatMap((outcomes) => outcomes.get(item) ?? []);
}

/** What one answer comes to by its tokens; undefined where they do not tell and it takes more asks. */
function fromTokens(item: Item, outcome: Outcome, questions: readonly Question[]): ItemResult | undefined {
  if (outcome.kind === 'none') return unanswered(outcome);
  // What is written in a picture is compared, and needs no p of its own.
  if (item.form === 'read') {
    return answered([outcome], undefined, ProbabilitySource.REPEATED_ASKS);
  }
  const p = outcome.place && probabilityAt(item, outcome.place, questions[item.question]);
  return p === undefined ? undefined : answered([outcome], p, ProbabilitySource.LOG_PROBABILITIES);
}

function probabilityAt(
  item: Item,
  place: NonNullable<Answered['place']>,
  question: Question | undefined,
): number | undefined {
  const { openCount } = question ?? {};
  if (item.form !== 'count' || openCount === undefined) return yesProbability(place);
  const expected = expectedCount(openCount) ?? Number.NaN;
  return numberProbability(place, (number) => Math.abs(number - expected) <= openCount.tolerance);
}

/** A share needs more than half of the asks that it is over; one answer that cannot be had at all spoils it. */
function fromShare(outcomes: readonly Outcome[], asks: number): ItemResult {
  const answers = outcomes.filter((outcome) => outcome.kind === 'answer');
  const lacks = outcomes.filter((outcome) => outcome.kind === 'none');
  const final = lacks.find(({ isFinal }) => isFinal);
  if (final !== undefined) return unanswered(final);
  if (answers.length * 2 > asks) return answered(answers, undefined, ProbabilitySource.REPEATED_ASKS);
  return unanswered(lacks[0]);
}

function answered(
  answers: readonly Answered[],
  p: number | undefined,
  source: ProbabilitySource,
): ItemResult {
  return { kind: 'answered', answers, p, source };
}

function unanswered(lack: Unanswered | undefined): ItemResult {
  return { kind: 'unanswered', critique: lack?.critique ?? 'The judge was not asked.' };
}
