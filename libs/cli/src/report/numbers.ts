import type { Cost } from '@atelier/protos/atelier/common/v1/money_pb.ts';
import { type Answer, Verdict } from '@atelier/protos/atelier/evaluation/v1/answer_pb.ts';
import {
  type Generation,
  GenerationState,
  Outcome,
  ReviewDecision,
} from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import { bestOf, cycleRounds, imagesOf } from '../generation/arms.ts';
import { sumCosts } from '../generation/costs.ts';
import { isApproved } from '../generation/outcome.ts';
import { type Share, shareOf } from './wilson.ts';

/** How a question fared over many generations: in the best image of round 0, and in the first result. */
export interface QuestionRecord {
  readonly id: string;
  readonly askedBy: string;
  /** One rendering of its text. */
  readonly text: string;
  readonly first: Share | undefined;
  readonly end: Share | undefined;
}

/** What several generations come to together. */
export interface ReportNumbers {
  readonly generations: number;
  readonly ended: number;
  /** Ended generations by outcome, most frequent first, and their share of all that ended. */
  readonly outcomes: readonly { readonly outcome: Outcome; readonly share: Share }[];
  /** Ended generations whose gate was passed by images of round 0 alone. */
  readonly approvedAtFirst: Share | undefined;
  /** Ended generations whose gate was passed. */
  readonly approvedAtEnd: Share | undefined;
  /** Results that people decided on, and those that they approved. */
  readonly approvedByPeople: Share | undefined;
  readonly rounds: number;
  readonly images: number;
  readonly cost: Cost;
  /** Images that may be shipped. */
  readonly approvedImages: number;
  /** What one of them cost, everything that was made for it included; undefined where there is none. */
  readonly costPerApproved: Cost | undefined;
  /** Questions that did not pass somewhere, those that most often do not in the end first. */
  readonly questions: readonly QuestionRecord[];
}

/** Adds generations up. */
export function numbersOf(generations: readonly Generation[]): ReportNumbers {
  const ended = generations.filter(({ state }) => state === GenerationState.ENDED);
  const approved = ended.filter(({ outcome }) => outcome === Outcome.APPROVED);
  const atFirst = approved.filter(({ results }) => results.every(({ round }) => round === 0));
  const decided = ended.filter(({ review }) => (review?.decision ?? 0) !== ReviewDecision.UNSPECIFIED);
  const byPeople = decided.filter(({ review }) => review?.decision === ReviewDecision.APPROVED);
  const rounds = generations.flatMap(cycleRounds);
  const cost = sumCosts(generations.map((generation) => generation.cost));
  const approvedImages = ended.reduce((sum, generation) => sum + approvedImagesOf(generation), 0);
  return {
    generations: generations.length,
    ended: ended.length,
    outcomes: outcomesOf(ended),
    approvedAtFirst: shareOf(atFirst.length, ended.length),
    approvedAtEnd: shareOf(approved.length, ended.length),
    approvedByPeople: shareOf(byPeople.length, decided.length),
    rounds: rounds.length,
    images: imagesOf(rounds),
    cost,
    approvedImages,
    costPerApproved: perImage(cost, approvedImages),
    questions: questionsOf(ended),
  };
}

function outcomesOf(ended: readonly Generation[]): ReportNumbers['outcomes'] {
  const counts = new Map<Outcome, number>();
  for (const { outcome } of ended) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  return [...counts]
    .sort(([a, left], [b, right]) => right - left || a - b)
    .flatMap(([outcome, count]) => {
      const share = shareOf(count, ended.length);
      return share === undefined ? [] : [{ outcome, share }];
    });
}

/** Images that may be shipped: those that the gate approved, and that which a person approved; none where one rejected. */
function approvedImagesOf(generation: Generation): number {
  if (!isApproved(generation)) return 0;
  const { outcome, results, review } = generation;
  return results.filter(
    ({ image, approved }) =>
      (outcome === Outcome.APPROVED && approved) ||
      (review?.decision === ReviewDecision.APPROVED && image?.name === review.image),
  ).length;
}

function perImage(cost: Cost, images: number): Cost | undefined {
  if (images === 0) return undefined;
  if (cost.microUsd === undefined) return cost;
  return { ...cost, microUsd: cost.microUsd / BigInt(images) };
}

function questionsOf(ended: readonly Generation[]): QuestionRecord[] {
  const first = tally(ended.map((generation) => bestOf(cycleRounds(generation).slice(0, 1))?.answers ?? []));
  const end = tally(ended.map((generation) => resultAnswers(generation)));
  return [...new Map([...first, ...end])]
    .map(([key, { answer }]) => ({
      id: answer.questionId,
      askedBy: answer.askedBy,
      text: answer.text,
      first: share(first.get(key)),
      end: share(end.get(key)),
    }))
    .filter(({ first: one, end: other }) => (one?.count ?? 0) > 0 || (other?.count ?? 0) > 0)
    .sort((a, b) => compare(a.end, b.end) || compare(a.first, b.first) || a.id.localeCompare(b.id));
}

/** The larger share first; of equal ones that of more cases. */
function compare(a: Share | undefined, b: Share | undefined): number {
  return (b?.share ?? 0) - (a?.share ?? 0) || (b?.count ?? 0) - (a?.count ?? 0);
}

interface Tally {
  readonly answer: Answer;
  count: number;
  of: number;
}

function share(tally: Tally | undefined): Share | undefined {
  return tally === undefined ? undefined : shareOf(tally.count, tally.of);
}

/** How often each question was answered, and how often it did not pass. What does not apply was not answered. */
function tally(images: readonly (readonly Answer[])[]): Map<string, Tally> {
  const all = new Map<string, Tally>();
  for (const answer of images.flat()) {
    if (answer.verdict === Verdict.NOT_APPLICABLE) continue;
    const key = `${answer.askedBy} ${answer.questionId}`;
    const entry = all.get(key) ?? { answer, count: 0, of: 0 };
    entry.of += 1;
    if (answer.verdict !== Verdict.PASS) entry.count += 1;
    all.set(key, entry);
  }
  return all;
}

function resultAnswers({ results, rounds }: Generation): readonly Answer[] {
  const [first] = results;
  const candidates = rounds.find(({ number }) => number === first?.round)?.candidates ?? [];
  return candidates.find(({ index }) => index === first?.index)?.answers ?? [];
}
