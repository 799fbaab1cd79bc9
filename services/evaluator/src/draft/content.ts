import {
  ExpectedAnswer,
  type Question,
  QuestionSchema,
} from '@atelier/protos/atelier/evaluation/v1/rubric_pb.ts';
import { create } from '@bufbuild/protobuf';
import { parameterProblems, validateQuestions } from '../rubric/validate.ts';
import { atomicityFaults } from './atomic.ts';
import { CATEGORY_NAMES, categoryOf } from './categories.ts';
import type { DraftedQuestion } from './drafted-question.ts';
import { quotations } from './mask.ts';
import type { DraftVariables } from './variables.ts';

/** What questions of a draft are held against. */
export interface Setting {
  readonly brief: string;
  readonly variables: DraftVariables;
}

/** Longest texts, by the contract. */
export const MAX_TEXT = 1_024;
const MAX_COUNT_TEXT = 256;

/** Largest number of things that anybody counts in a picture; none of something is a denial. */
const MAX_COUNT = 1_000;

/** The check that reads exact words, and what it is told. */
const TEXT_CHECK = 'text_present';
const textParameters = (text: string) => ({ text, mode: 'exact' });

/** Every fault that a question has by itself, whatever stands beside it; nothing where it may stand in a rubric. */
export function contentFaults(question: DraftedQuestion, setting: Setting): string[] {
  const { text, category, answeredBy, misshapen } = question;
  const { variables } = setting;
  if (misshapen !== undefined) return [misshapen];
  if (text === '') return ['it has no text'];
  const faults = atomicityFaults(text);
  if (categoryOf(category) === undefined) {
    faults.push(`its category must be one of ${CATEGORY_NAMES.join(', ')}`);
  }
  const unusable = variables.faults(text);
  faults.push(...unusable);
  if (unusable.length === 0 && Math.max(text.length, variables.render(text).length) > MAX_TEXT) {
    faults.push(`it has more than ${MAX_TEXT} characters`);
  }
  if (answeredBy === 'count') faults.push(...countFaults(question, setting));
  if (answeredBy === 'text') faults.push(...textFaults(question, setting));
  // What a rubric would refuse is no draft of one, whatever else rubrics come to be held against.
  const alone = toQuestion({ ...question, dependsOn: [] });
  if (faults.length === 0)
    faults.push(...validateQuestions([alone], '').problems.map(({ description }) => description));
  return faults;
}

function countFaults({ counted, expected }: DraftedQuestion, { variables }: Setting): string[] {
  if (counted === '') return ['it does not say what is counted'];
  if (Math.max(counted.length, expected.length) > MAX_COUNT_TEXT) {
    return [`what is counted, and the number, have at most ${MAX_COUNT_TEXT} characters each`];
  }
  const faults = [...variables.faults(counted), ...variables.faults(expected)];
  if (faults.length > 0) return faults;
  const number = /^\d{1,4}$/.test(variables.render(expected)) ? Number(variables.render(expected)) : 0;
  if (number >= 1 && number <= MAX_COUNT) return [];
  return [`the number that is expected must be digits, from 1 to ${MAX_COUNT}`];
}

/** Exact words cannot be inferred: they follow from a brief only where they stand in it. */
function textFaults({ text, quoted }: DraftedQuestion, { brief, variables }: Setting): string[] {
  const faults = variables.faults(quoted);
  if (faults.length > 0) return faults;
  const words = variables.render(quoted);
  if (words === '') return ['it does not say which words are to be read'];
  const problems = parameterProblems(TEXT_CHECK, textParameters(words), 'quoted');
  if (problems.length > 0) return problems.map(({ description }) => `the words to be read: ${description}`);
  if (!quotations(text).includes(quoted)) return ['it does not quote the words to be read'];
  return oneLine(brief).includes(oneLine(words)) ? [] : ['the brief has not these words, letter for letter'];
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}

/** The question of a rubric that a drafted one without faults means. */
export function toQuestion(drafted: DraftedQuestion): Question {
  const { id, text, category, dependsOn, required, answeredBy, counted, expected, quoted } = drafted;
  return create(QuestionSchema, {
    id,
    text,
    expectedAnswer: ExpectedAnswer.YES,
    required,
    dependsOn: [...dependsOn],
    category: categoryOf(category) ?? '',
    ...(answeredBy === 'count' && { openCount: { of: counted, expected } }),
    ...(answeredBy === 'text' && { check: { kind: TEXT_CHECK, parameters: textParameters(quoted) } }),
  });
}
