import type { FailedQuestion } from '@atelier/protos/atelier/prompt/v1/prompt_service_pb.ts';
import { capitalised, sentenceKey, withEnd } from '../text/sentences.ts';
import { type FailedCheck, type Filling, fillingOf } from './fill.ts';
import { askedFor, asPhrase, imperative } from './question-words.ts';
import { BEYOND_WORDS, RULES, type Rule } from './rules.ts';

/** How strongly an instruction is put, from the first time to the last that there is. */
export const STRENGTHS = ['plain', 'important', 'front', 'above all'] as const;
export type Strength = (typeof STRENGTHS)[number];

/** What a failed question makes of the prompt. */
export interface Instruction {
  readonly questionId: string;
  /** What it is about: a later one about the same replaces an earlier one. */
  readonly topic: string;
  /** The sentence at each strength, without the words that give it weight. */
  readonly wordings: Readonly<Record<Strength, string>>;
  readonly terse: string;
  readonly avoid: readonly string[];
  /** Whether a sentence is an earlier form of this instruction. */
  readonly isEarlierForm: (sentence: string) => boolean;
}

/** What no prompt can mend, with the reason. */
export interface BeyondWords {
  readonly questionId: string;
  readonly reason: string;
}

/** What to say about a failed question. */
export function instructionOf(failed: FailedQuestion): Instruction | BeyondWords {
  const { questionId, check } = failed;
  const beyond = BEYOND_WORDS[check];
  if (beyond !== undefined) return { questionId, reason: beyond };
  const [critique = '', ...hints] = failed.critique.split('\n');
  const advice = adviceOf(check === '' ? [...hints, critique] : hints);
  const failedCheck: FailedCheck = {
    check,
    parameters: failed.checkParameters ?? {},
    question: failed.question,
    critique,
  };
  const filling = fillingOf(failedCheck);
  const rule =
    filling === undefined
      ? undefined
      : RULES.find((each) => each.check === check && (each.form === undefined || each.form === filling.form));
  if (rule !== undefined && filling !== undefined) return byRule(questionId, rule, filling, advice);
  const asked = advice ?? adviceOf([critique]) ?? faultOf(critique) ?? asPhrase(failed.question);
  return asked === undefined
    ? { questionId, reason: 'nothing is known but that it failed' }
    : inWords(failed, asked);
}

/** A rule with its values; an author's own advice has the first word. */
function byRule(questionId: string, rule: Rule, filling: Filling, advice: string | undefined): Instruction {
  const filled = (pattern: string) => fill(pattern, filling.values);
  const plain = filled(rule.plain);
  const wordings = {
    plain: advice === undefined ? plain : sentence(advice),
    important: plain,
    front: filled(rule.again),
    'above all': filled(rule.terse),
  };
  const about = RULES.filter(({ topic }) => topic === rule.topic);
  const patterns = about.flatMap(({ plain: first, again, terse }) =>
    [first, again, terse].map((pattern) =>
      patternOf(rule.perValue === true ? fill(pattern, filling.values) : pattern),
    ),
  );
  const keys = new Set(Object.values(wordings).map(key));
  return {
    questionId,
    topic: rule.perValue === true ? `${rule.topic} ${JSON.stringify(filling.values)}` : rule.topic,
    wordings,
    terse: filled(rule.terse),
    avoid: rule.avoid,
    isEarlierForm: (text) =>
      keys.has(key(text)) || patterns.some((pattern) => pattern.test(withoutWeight(text))),
  };
}

/** An instruction in words of a judge or an author, for which there is no rule. */
function inWords({ questionId, question }: FailedQuestion, asked: string): Instruction {
  const said = sentence(asked);
  const phrase = asPhrase(question);
  const again = phrase === undefined ? said : sentence(`${asked}, ${phrase}`);
  const wordings = { plain: said, important: said, front: said, 'above all': again };
  const words = wordsOf(said);
  return {
    questionId,
    topic: `question ${questionId}`,
    wordings,
    terse: said,
    avoid: [],
    isEarlierForm: (text) => overlap(words, wordsOf(withoutWeight(text))) >= SAME_WORDS,
  };
}

/** From this share of words in common on, two sentences in a judge's words are taken to say the same. */
const SAME_WORDS = 0.6;

/** What gives an instruction its weight. */
const WEIGHTS: Readonly<Record<Strength, string>> = {
  plain: '',
  important: 'Important: ',
  front: 'Important: ',
  'above all': 'Above all: ',
};

/** The sentence as it goes into the prompt. */
export function worded({ wordings }: Instruction, strength: Strength): string {
  const weight = WEIGHTS[strength];
  const said = wordings[strength];
  return weight === '' ? said : `${weight}${lowered(said)}`;
}

/** Without the capital at the beginning, except of a word in capitals. */
function lowered(text: string): string {
  return text.replace(/^\p{Lu}(?=\p{Ll}|\s)/u, (letter) => letter.toLowerCase());
}

/** Whether a sentence begins with words that give it weight. */
export function isWeighted(sentence: string): boolean {
  return withoutWeight(sentence) !== sentence;
}

function withoutWeight(text: string): string {
  return text.replace(/^(?:important|above all):\s*/i, '');
}

function adviceOf(lines: readonly string[]): string | undefined {
  for (const line of lines) {
    const advice = askedFor(line) ?? imperative(line);
    if (advice !== undefined) return advice;
  }
  return undefined;
}

function faultOf(critique: string): string | undefined {
  const fault = critique
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/[.\s]+$/, '');
  return fault.length < 3
    ? undefined
    : `Avoid this fault of an earlier picture: ${lowered(fault.slice(0, 300))}`;
}

function sentence(text: string): string {
  return withEnd(capitalised(text));
}

function fill(pattern: string, values: Readonly<Record<string, string>>): string {
  return pattern.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? '');
}

function patternOf(pattern: string): RegExp {
  const escaped = pattern.replace(/[.*+?^$()|[\]\\]/g, '\\$&').replace(/\{\w+\}/g, '.+?');
  return new RegExp(`^${escaped}$`, 'i');
}

function key(text: string): string {
  return sentenceKey(withoutWeight(text));
}

function wordsOf(text: string): string[] {
  return [...new Set(sentenceKey(text).split(' '))];
}

function overlap(a: readonly string[], b: readonly string[]): number {
  const all = new Set([...a, ...b]);
  return a.filter((word) => b.includes(word)).length / all.size;
}
