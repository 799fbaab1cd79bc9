import type { FewShotExample, Variable } from '@atelier/protos/atelier/prompt/v1/template_pb.ts';
import type { JsonObject } from '@bufbuild/protobuf';
import { resolveVariables, type Values } from '../template/variables.ts';
import { hasControls } from '../text/controls.ts';
import { clausesOf, sentenceKey, sentencesOf, withoutEnd } from '../text/sentences.ts';
import { presentTerms } from '../text/terms.ts';
import { topicsOf } from '../text/topics.ts';

/** What an example is compared with. */
export interface Wanted {
  readonly declared: readonly Variable[];
  readonly variables: JsonObject;
  /** The caller's own words, or empty. */
  readonly words: string;
}

/**
 * The example that is nearest to a brief: by the share of variables with equal values, or of words in common. One that
 * shows a single thing teaches nothing about several, so an example whose numbers are one where the brief's are not, or
 * the other way round, is passed over. Of equals the first counts.
 */
export function nearestExample(
  examples: readonly FewShotExample[],
  wanted: Wanted,
): FewShotExample | undefined {
  const [best] = examples
    .map((example) => fitOf(example, wanted))
    .filter(({ agrees }) => agrees)
    .sort((a, b) => b.nearness - a.nearness);
  return best?.example;
}

/**
 * At most so many examples, the nearest first, for a writer that learns from several: as `nearestExample` orders them, then
 * by what the texts of their variables have in common; those that disagree in number come last. Of equals the first of the
 * template is first.
 */
export function nearestExamples(
  examples: readonly FewShotExample[],
  wanted: Wanted,
  most: number,
): FewShotExample[] {
  return examples
    .map((example) => fitOf(example, wanted))
    .sort((a, b) => Number(b.agrees) - Number(a.agrees) || b.nearness - a.nearness || b.likeness - a.likeness)
    .slice(0, most)
    .map(({ example }) => example);
}

/** Examples without a forbidden term or a control character in what was asked or in what was written. */
export function allowedExamples(
  examples: readonly FewShotExample[],
  forbidden: readonly string[],
): FewShotExample[] {
  return examples.filter(({ prompt, brief, variables = {} }) => {
    const texts = [prompt, brief, ...Object.values(variables).flat().map(String)];
    return texts.every((text) => !hasControls(text) && presentTerms(text, forbidden).length === 0);
  });
}

/**
 * Clauses of an example that say how a picture is made and nothing of what is in it: they are about framing,
 * arrangement, light, ground or finish, and hold no value of the example's own.
 */
export function structureClauses(example: FewShotExample, declared: readonly Variable[]): string[] {
  const values = Object.values(valuesOf(example, declared))
    .flat()
    .map(String)
    .filter((value) => value !== 'null' && value !== '');
  const own = [...values, ...wordsIn(example.brief)];
  return sentencesOf(example.prompt)
    .flatMap(clausesOf)
    .map(withoutEnd)
    .filter((clause) => topicsOf(clause).length > 0)
    .filter((clause) => !own.some((value) => containsWord(clause, value)));
}

function valuesOf({ variables = {} }: FewShotExample, declared: readonly Variable[]): Values {
  return resolveVariables(declared, variables, { path: '', requireAll: false }).values;
}

interface Fit {
  readonly example: FewShotExample;
  readonly agrees: boolean;
  readonly nearness: number;
  /** What the texts of the variables have in common, from 0 to 1. */
  readonly likeness: number;
}

function fitOf(example: FewShotExample, wanted: Wanted): Fit {
  const values = valuesOf(example, wanted.declared);
  const wordsOf = (of: Readonly<Record<string, unknown>>) =>
    wordsIn(wanted.declared.flatMap(({ name }) => of[name] ?? []).join(' '));
  return {
    example,
    agrees: agreesInNumber(values, wanted),
    nearness: nearnessOf(example, values, wanted),
    likeness: overlap(wordsOf(values), wordsOf(wanted.variables)),
  };
}

function agreesInNumber(values: Values, { declared, variables }: Wanted): boolean {
  return declared.every(({ name }) => {
    const [mine, theirs] = [values[name], variables[name]];
    return typeof mine !== 'number' || typeof theirs !== 'number' || (mine === 1) === (theirs === 1);
  });
}

function nearnessOf(example: FewShotExample, values: Values, wanted: Wanted): number {
  const { declared, variables, words } = wanted;
  const equal = declared.filter(
    ({ name }) => JSON.stringify(values[name]) === JSON.stringify(variables[name]),
  );
  const share = declared.length === 0 ? 0 : equal.length / declared.length;
  return share + overlap(wordsIn(words), wordsIn(example.brief));
}

/** Words in common as a share of all words (Jaccard). */
function overlap(a: readonly string[], b: readonly string[]): number {
  const all = new Set([...a, ...b]);
  return all.size === 0 ? 0 : a.filter((word) => b.includes(word)).length / all.size;
}

function wordsIn(text: string): string[] {
  const words = sentenceKey(text)
    .split(' ')
    .filter((word) => word.length > 3 && topicsOf(word).length === 0);
  return [...new Set(words)];
}

function containsWord(clause: string, value: string): boolean {
  // Whole words, since the number 2 is not in 25.
  return ` ${sentenceKey(clause)} `.includes(` ${sentenceKey(value)} `);
}
