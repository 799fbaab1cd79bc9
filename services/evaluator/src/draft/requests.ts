import type { ModelRequest } from '@atelier/language-models';
import { UsageKind } from '@atelier/protos/atelier/common/v1/money_pb.ts';
import {
  type TemplateContent,
  VariableType,
  VariableTypeSchema,
} from '@atelier/protos/atelier/prompt/v1/template_pb.ts';
import { toJson } from '@bufbuild/protobuf';
import { ValueSchema } from '@bufbuild/protobuf/wkt';
import { answersJsonSchema } from './brief-answers.ts';
import { draftJsonSchema } from './drafted-question.ts';
import { ANSWER_FROM_BRIEF, DRAFT } from './instructions.ts';

/** What is to be drafted. */
export interface DraftInput {
  readonly brief: string;
  readonly template: TemplateContent | undefined;
  readonly maxQuestions: number;
}

/** An attempt that was not good enough, as the writer is told of it. */
export interface Earlier {
  /** What it answered. */
  readonly text: string;
  readonly problems: readonly string[];
}

/** A question as it is put to the brief: a number in place of its name, so that nothing of the draft shows through. */
export interface NumberedQuestion {
  readonly number: number;
  readonly text: string;
}

/** How much of an earlier answer the writer is told, in characters for each question, and of what was wrong with it. */
const EARLIER_PER_QUESTION = 500;
const MAX_PROBLEMS = 40;
const MAX_PROBLEM = 400;
/** What the longest texts are made of, for estimates: three bytes, the most that one unit of a text takes in JSON. */
const FILLER = '字';

/** Tokens of an answer: some to spare, and what each question takes at most. What a model thinks is counted apart. */
const TOKENS_TO_SPARE = 1_024;
const TOKENS_PER_QUESTION = 200;
const TOKENS_PER_ANSWER = 80;

/** Asks for a draft. */
export function draftRequest({ brief, template, maxQuestions }: DraftInput, earlier?: Earlier): ModelRequest {
  const data = {
    brief,
    max_questions: maxQuestions,
    ...(template !== undefined && { template: templateData(template) }),
    ...(earlier !== undefined && {
      earlier_draft: cut(earlier.text, EARLIER_PER_QUESTION * maxQuestions),
      problems: shortened(earlier.problems),
    }),
  };
  return {
    ...asked(DRAFT.text, data),
    schema: draftJsonSchema(template !== undefined),
    schemaName: 'draft',
    maxOutputTokens: TOKENS_TO_SPARE + TOKENS_PER_QUESTION * maxQuestions,
  };
}

/** The most that the writer is told of an earlier attempt, for estimates. */
export function longestEarlier({ maxQuestions }: DraftInput): Earlier {
  return {
    text: FILLER.repeat(EARLIER_PER_QUESTION * maxQuestions),
    problems: Array.from({ length: MAX_PROBLEMS }, () => FILLER.repeat(MAX_PROBLEM)),
  };
}

/** Asks what the brief alone answers to questions. */
export function answersRequest(
  brief: string,
  questions: readonly NumberedQuestion[],
  problems: readonly string[] = [],
): ModelRequest {
  const data = { brief, questions, ...(problems.length > 0 && { problems: shortened(problems) }) };
  return {
    ...asked(ANSWER_FROM_BRIEF.text, data),
    schema: answersJsonSchema,
    schemaName: 'answers',
    maxOutputTokens: TOKENS_TO_SPARE + TOKENS_PER_ANSWER * questions.length,
  };
}

/** Everything of others is one JSON object, out of whose strings no text can break. */
function asked(system: string, data: object) {
  return {
    usageKind: UsageKind.JUDGE,
    system,
    parts: [{ kind: 'text', text: JSON.stringify(data, undefined, 1) }],
    temperature: 0,
  } as const;
}

function shortened(problems: readonly string[]): string[] {
  return problems.slice(0, MAX_PROBLEMS).map((problem) => cut(problem, MAX_PROBLEM));
}

/** The beginning of a text, without half a character at its end. */
function cut(text: string, length: number): string {
  return text.slice(0, length).toWellFormed();
}

/** What a writer needs of a template. Defaults and values of variables tell it what a variable holds. */
function templateData({ body, variables, requiredTerms }: TemplateContent) {
  return {
    body,
    required_terms: requiredTerms,
    variables: variables.map(({ name, type, description, values, defaultValue }) => ({
      name,
      type: VariableTypeSchema.value[type || VariableType.TEXT]?.localName.toLowerCase(),
      ...(description !== '' && { description }),
      ...(values.length > 0 && { values }),
      ...(defaultValue !== undefined && { default: toJson(ValueSchema, defaultValue) }),
    })),
  };
}
