import type { LanguageModel, ModelRequest } from '@atelier/language-models';
import { type Cost, UsageKind } from '@atelier/protos/atelier/common/v1/money_pb.ts';
import { ANSWER_SCHEMA, ANSWER_SCHEMA_NAME } from './answer.ts';
import { BOUNDS, clipped, fitting } from './bounds.ts';
import { sumOf } from './costs.ts';
import type { Instructions } from './instructions.ts';
import type { Material } from './material.ts';

/** How often a model is asked for one text: once, and twice more where its answer cannot be taken. */
export const MAX_ASKS = 3;

/**
 * The first ask wants the likeliest answer, so that the same brief mostly gets the same prompt. Each further one leaves more
 * to chance, since a model that repeats itself would do so again.
 */
const TEMPERATURES = [0.2, 0.6, 1] as const;

/** Tokens of negative prompt, notes and the form around them, beside the prompt. What a model thinks is counted apart. */
const REST_TOKENS = 768;

/** A token has about four characters of English, and one or two of other scripts. */
const TOKENS_PER_CHARACTER = 0.5;

/** An answer that was not taken. */
export interface Rejected {
  readonly answer: string;
  readonly faults: readonly string[];
}

/** What is asked of a model, whatever was rejected before. */
export interface Question {
  readonly instructions: Instructions;
  readonly material: Material;
  /** Most characters of the text that is asked for. */
  readonly maxChars: number;
}

/** The request of one ask. What was rejected is told in bounds, as `rejection` gives it. */
export function requestFor(
  model: LanguageModel,
  { instructions, material, maxChars }: Question,
  rejected: readonly Rejected[],
): ModelRequest {
  const document = rejected.length === 0 ? material : { ...material, rejected };
  return {
    usageKind: material.task === 'expand' ? UsageKind.EXPAND : UsageKind.REFINE,
    system: instructions.text,
    parts: [{ kind: 'text', text: JSON.stringify(document) }],
    schema: ANSWER_SCHEMA,
    schemaName: ANSWER_SCHEMA_NAME,
    maxOutputTokens: REST_TOKENS + Math.ceil(maxChars * TOKENS_PER_CHARACTER),
    temperature: model.takesTemperature ? TEMPERATURES[rejected.length] : undefined,
  };
}

/** An answer that was not taken, as the model is told of it. */
export function rejection(answer: string, faults: readonly string[], maxChars: number): Rejected {
  return {
    answer: clipped(answer, shownChars(maxChars)),
    faults: fitting(
      faults.map((fault) => clipped(fault, BOUNDS.faultChars)),
      BOUNDS.faultBytes,
    ),
  };
}

/** Upper bound of what a question costs with all its asks. */
export function estimateOf(model: LanguageModel, question: Question): Cost {
  const worst = { answer: filler(4 * shownChars(question.maxChars)), faults: [filler(BOUNDS.faultBytes)] };
  return sumOf(
    Array.from({ length: MAX_ASKS }, (_, asked) =>
      model.estimate(
        requestFor(
          model,
          question,
          Array.from({ length: asked }, () => worst),
        ),
      ),
    ),
  );
}

/** A text of so many bytes, to stand for one that is not known yet. */
export function filler(bytes: number): string {
  return 'x'.repeat(bytes);
}

/** Somewhat more than is allowed shows what was too long. */
function shownChars(maxChars: number): number {
  return maxChars + 200;
}
