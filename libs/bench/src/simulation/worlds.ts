import type { World } from './world.ts';

/** Four questions, each with a fair chance; a judge that misses some of what is there, and passes some of what is not. */
const questions = [
  { id: 'subject', quality: 0.9, truePositiveRate: 0.95, trueNegativeRate: 0.9 },
  { id: 'count', quality: 0.5, truePositiveRate: 0.9, trueNegativeRate: 0.85 },
  { id: 'text', quality: 0.6, truePositiveRate: 0.92, trueNegativeRate: 0.95 },
  { id: 'ground', quality: 0.8, truePositiveRate: 0.97, trueNegativeRate: 0.8 },
] as const;

/** Rewriting wins three fifths of what is missing, each time that it names it. */
export const helpful: World = { questions, effect: 0.6 };

/** Rewriting changes nothing. */
export const useless: World = { questions, effect: 0 };

/** A judge that says yes to everything: it approves all, and tells the good from the bad by nothing. */
export const yesSayer: World = {
  questions: questions.map((question) => ({ ...question, truePositiveRate: 1, trueNegativeRate: 0 })),
  effect: 0.6,
};
