import type { FailedQuestion, PromptAttempt } from '@atelier/protos/atelier/prompt/v1/prompt_service_pb.ts';
import type { JsonObject, JsonValue } from '@bufbuild/protobuf';
import { instructionOf } from '../../refine/instruction.ts';
import { isBeyond } from '../../refine/steps.ts';
import { sentenceKey } from '../../text/sentences.ts';
import type { RefineInput } from '../prompt-writer.ts';
import { BOUNDS, clipped, fitting } from './bounds.ts';
import { baseMaterial, type Job, type Material } from './material.ts';

/** What a model is told to mend a prompt or to edit a picture, and what of it there was no room for. */
export interface RefineMaterial {
  readonly material: Material;
  readonly warnings: readonly string[];
}

/** Most characters of the parts of a failure. */
const QUESTION = 250;
const FOUND = 400;
const ADVICE = 250;
const WORDING = 250;
const VALUE = 80;
const NAME = 40;
const VALUES = 6;

/** Builds it. `failed` are the failures that words can mend. */
export function refineMaterial(
  job: Job,
  input: RefineInput,
  failed: readonly FailedQuestion[],
): RefineMaterial {
  const failures = failed.map((each) => failureOf(each, input));
  const told = fitting(failures, BOUNDS.failedBytes);
  const keep = input.mustKeep.map((question) => clipped(question, QUESTION));
  const kept = fitting(keep, BOUNDS.keepBytes);
  return {
    material: {
      ...baseMaterial(input.edit ? 'edit' : 'refine', job),
      current: { prompt: input.text, negative_prompt: clipped(input.negative, BOUNDS.negativeChars) },
      failed: told,
      must_keep: kept,
      earlier_attempts: attemptsOf(input),
    },
    warnings: [
      ...untold(failures.length - told.length, 'of the questions that failed'),
      ...untold(keep.length - kept.length, 'of the questions that must keep passing'),
    ],
  };
}

function untold(count: number, what: string): string[] {
  return count === 0 ? [] : [`The writer was not told ${count} ${what}, for want of room.`];
}

function failureOf(failed: FailedQuestion, input: RefineInput): JsonObject {
  const [found = '', ...advice] = failed.critique.split('\n');
  const { check, checkParameters = {} } = failed;
  const instruction = instructionOf(failed);
  const isMeasured = check !== '' && !isBeyond(instruction);
  return {
    question: clipped(failed.question, QUESTION),
    right_answer: failed.expectsNo ? 'no' : 'yes',
    found: clipped(found, FOUND),
    ...(advice.length > 0 && { advice: clipped(advice.join(' '), ADVICE) }),
    ...(check !== '' && { check, check_values: checkValues(checkParameters) }),
    ...(isMeasured && { suggested_wording: clipped(instruction.wordings.plain, WORDING) }),
    failed_before: failuresBefore(failed, input),
  };
}

/** Values of a check; what is too long to be looked at is cut. */
function checkValues(parameters: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(parameters)
      .slice(0, VALUES)
      .map(([name, value]) => [clipped(name, NAME), typeof value === 'number' ? value : shortValue(value)]),
  );
}

function shortValue(value: JsonValue): JsonValue {
  if (typeof value === 'boolean') return value;
  return clipped(typeof value === 'string' ? value : JSON.stringify(value), VALUE);
}

/** With how many prompts other than the current one the question failed. */
function failuresBefore({ questionId }: FailedQuestion, { history, text }: RefineInput): number {
  const failing = history.filter(({ failedQuestionIds }) => failedQuestionIds.includes(questionId));
  const keys = new Set(failing.map(({ prompt }) => sentenceKey(prompt?.text ?? '')));
  keys.delete(sentenceKey(text));
  return keys.size;
}

/** The latest attempts but for the current one, in the order in which they were made. */
function attemptsOf({ history, text, failed }: RefineInput): JsonObject[] {
  const questions = new Map(failed.map(({ questionId, question }) => [questionId, question]));
  const current = sentenceKey(text);
  const latest = history
    .filter(({ prompt }) => prompt !== undefined && sentenceKey(prompt.text) !== current)
    .slice(-BOUNDS.attempts)
    .reverse()
    .map((attempt) => attemptOf(attempt, questions));
  return fitting(latest, BOUNDS.attemptBytes).reverse();
}

function attemptOf(
  { prompt, failedQuestionIds }: PromptAttempt,
  questions: ReadonlyMap<string, string>,
): JsonObject {
  return {
    prompt: clipped(prompt?.text ?? '', BOUNDS.attemptChars),
    failed: failedQuestionIds.slice(0, 10).map((id) => clipped(questions.get(id) || id, 200)),
  };
}
