import { type Variable, VariableType } from '@atelier/protos/atelier/prompt/v1/template_pb.ts';
import type { JsonValue } from '@bufbuild/protobuf';
import { saysNumber } from '../text/numbers.ts';
import { quotationsIn, sentenceKey, tidy } from '../text/sentences.ts';
import { containsWords } from '../text/terms.ts';
import type { Rendering } from './render.ts';

/** One thing that a brief asks for and that every prompt for it still says. */
export interface Requirement {
  /** What it is, in words that a writer is told: `item: apples`, `the lettering "SALE"`. */
  readonly name: string;
  readonly isSaidIn: (text: string) => boolean;
}

/**
 * Up to this many characters a text of a brief is a name or a phrase that stands in every prompt as it is. What is longer
 * describes something, and may be said in other words.
 */
const MAX_VERBATIM = 80;

/** Of the words of a description, this share is still there where it is said in other words. */
const WORDS_KEPT = 0.6;

/** Shorter words carry too little to be asked for. */
const MIN_WORD = 4;

/**
 * What must not get lost when a prompt is written anew: the values of variables that the template itself renders, defaults
 * included, since questions about the picture are asked about these; and what is in double quotes, letter by letter, since
 * it is to be read in the picture. Images are no words, and are not asked for. `plain` is the prompt as the template renders
 * it for the target: what had no room there is not asked for either.
 */
export function requirementsOf(
  rendering: Rendering,
  declared: readonly Variable[],
  plain: string,
): Requirement[] {
  const said = [rendering.body, ...rendering.styles.map(({ words }) => words)].join('\n');
  const values = declared.flatMap((variable) =>
    valuesOf(variable, rendering.variables[variable.name] ?? null),
  );
  const lettering = [...new Set(quotationsIn(said))].map((text) => ({
    name: `the lettering "${text}", in double quotes and letter by letter`,
    isSaidIn: (prompt: string) => quotationsIn(prompt).includes(text),
  }));
  return [...values, ...lettering].filter(({ isSaidIn }) => isSaidIn(said) && isSaidIn(plain));
}

/** Names of the requirements that a text does not meet. */
export function unmet(text: string, requirements: readonly Requirement[]): string[] {
  return requirements.filter(({ isSaidIn }) => !isSaidIn(text)).map(({ name }) => name);
}

function valuesOf({ name, type }: Variable, value: JsonValue): Requirement[] {
  if (type === VariableType.IMAGE || value === null) return [];
  if (Array.isArray(value)) return value.flatMap((item) => textRequirement(name, String(item)));
  return typeof value === 'number' ? [numberRequirement(name, value)] : textRequirement(name, String(value));
}

function numberRequirement(name: string, number: number): Requirement {
  return {
    name: `${name}: ${number}, as a numeral or as an English word`,
    isSaidIn: (text) => saysNumber(text, number),
  };
}

function textRequirement(name: string, value: string): Requirement[] {
  const text = tidy(value);
  if (text === '') return [];
  if ([...text].length <= MAX_VERBATIM) {
    return [{ name: `${name}: ${text}`, isSaidIn: (prompt) => containsWords(prompt, text) }];
  }
  const words = wordsOf(text);
  if (words.length === 0) return [];
  return [
    {
      name: `${name}: ${text}`,
      isSaidIn: (prompt) => {
        const key = sentenceKey(prompt);
        return words.filter((word) => key.includes(word)).length >= WORDS_KEPT * words.length;
      },
    },
  ];
}

/** Words of a description. A run of letters without spaces, as some scripts have them, is taken in short pieces. */
function wordsOf(text: string): string[] {
  const pieces = sentenceKey(text)
    .split(' ')
    .flatMap((word) => (word.length > 20 ? (word.match(/.{4}/gsu) ?? []) : [word]));
  return [...new Set(pieces.filter((word) => word.length >= MIN_WORD))];
}
