import type { FailedQuestion } from '@atelier/protos/atelier/prompt/v1/prompt_service_pb.ts';
import { capitalised, sentenceKey, withEnd } from '../text/sentences.ts';
import { type FailedCheck, type Filling, fillingOf, MAX_VALUE } from './fill.ts';
import { asAbsence, askedFor, asPhrase, imperative } from './question-words.ts';
import { BEYOND_WORDS, RULES, type Rule } from './rules.ts';
import { RULES_FOR_NO } from './rules-for-no.ts';

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
  /** What of it was too long for a prompt, so that only its beginning is asked for; undefined where nothing was. */
  readonly shortened?: string | undefined;
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
  const rules = failed.expectsNo ? RULES_FOR_NO : RULES;
  const rule =
    filling === undefined
      ? undefined
      : rules.find((each) => each.check === check && (each.form === undefined || each.form === filling.form));
  if (rule !== undefined && filling !== undefined) return byRule(questionId, rule, filling, advice);
  const wanted = advice ?? adviceOf([critique]);
  if (failed.expectsNo) return notInWords(failed, wanted, critique);
  const asked = wanted ?? faultOf(critique) ?? asPhrase(failed.question);
  return asked === undefined
    ? { questionId, reason: NOTHING_KNOWN }
    : inWords(failed, { asked, phrase: asPhrase(failed.question) }, wanted === undefined ? critique : '');
}

const NOTHING_KNOWN = 'nothing is known but that it failed';

/** What shall not be seen, from the question itself: of a fault that is there, what was found says less than that. */
function notInWords(
  failed: FailedQuestion,
  wanted: string | undefined,
  critique: string,
): Instruction | BeyondWords {
  const absence = asAbsence(failed.question);
  const asked = wanted ?? absence?.phrase ?? faultOf(critique);
  if (asked === undefined) return { questionId: failed.questionId, reason: NOTHING_KNOWN };
  const phrase = asked === absence?.phrase ? undefined : absence?.phrase;
  const isFault = wanted === undefined && absence === undefined;
  const instruction = inWords(failed, { asked, phrase }, isFault ? critique : '');
  return { ...instruction, avoid: absence?.thing === undefined ? [] : [absence.thing] };
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
  const about = [...RULES, ...RULES_FOR_NO].filter(({ topic }) => topic === rule.topic);
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
    avoid: rule.avoid.map(filled),
    shortened: filling.isShortened === true ? `the first ${MAX_VALUE} characters of its text` : undefined,
    isEarlierForm: (text) =>
      keys.has(key(text)) || patterns.some((pattern) => pattern.test(withoutWeight(text))),
  };
}

/** An instruction in words of a judge or an author, for which there is no rule; `fault` is what it was made from. */
function inWords(
  { questionId }: FailedQuestion,
  { asked, phrase }: { readonly asked: string; readonly phrase: string | undefined },
  fault: string,
): Instruction {
  const said = sentence(asked);
  const again = phrase === undefined ? said : sentence(`${asked}, ${phrase}`);
  const wordings = { plain: said, important: said, front: said, 'above all': again };
  const words = wordsOf(said);
  return {
    questionId,
    topic: `question ${questionId}`,
    wordings,
    terse: said,
    avoid: [],
    shortened:
      clean(fault).length > MAX_FAULT ? `the first ${MAX_FAULT} characters of the critique` : undefined,
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

/** Longest part of a critique that goes into a prompt, in characters. */
const MAX_FAULT = 300;

function faultOf(critique: string): string | undefined {
  const fault = clean(critique);
  return fault.length < 3
    ? undefined
    : `Avoid this fault of an earlier picture: ${lowered(fault.slice(0, MAX_FAULT))}`;
}

function clean(critique: string): string {
  return critique
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/[.\s]+$/, '');
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
