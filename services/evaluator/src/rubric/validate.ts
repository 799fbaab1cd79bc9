import { LiquidProblem, parseLiquid } from '@atelier/liquid';
import type { Question } from '@atelier/protos/atelier/evaluation/v1/rubric_pb.ts';
import { checks, ParamError } from '../checks/index.ts';
import { findCycle } from './graph.ts';
import { countProblems } from './open-count.ts';
import type { Problem } from './problem.ts';
import { isTemplated, textsOf } from './question-texts.ts';
import { BRIEF } from './scope.ts';
import { warningsOf } from './warnings.ts';

/** What looking at questions found. */
export interface QuestionReport {
  readonly problems: readonly Problem[];
  /** A circle of dependence, where there is one. It is among the problems too. */
  readonly cycle: readonly string[] | undefined;
  /** Variables of the brief that the texts use, sorted. The brief itself, which is always there, is not among them. */
  readonly usedVariables: readonly string[];
  /** What is allowed and still looks wrong. */
  readonly warnings: readonly string[];
}

/**
 * Checks everything about questions that can be known without values for their variables: ids, dependence, Liquid texts,
 * kinds of checks, and parameters that no variable changes. `path` is where the list is in the request. `earlierIds` are
 * those of questions that come before, which this list may depend on and not repeat.
 */
export function validateQuestions(
  questions: readonly Question[],
  path: string,
  earlierIds: readonly string[] = [],
): QuestionReport {
  const problems: Problem[] = [];
  const used = new Set<string>();
  const ids = new Set(earlierIds);
  const known = new Set([...earlierIds, ...questions.map(({ id }) => id)]);
  for (const [index, question] of questions.entries()) {
    const at = `${path}[${index}]`;
    if (ids.has(question.id))
      problems.push({ field: `${at}.id`, description: `${question.id} is given twice` });
    ids.add(question.id);
    for (const [number, parent] of question.dependsOn.entries()) {
      if (known.has(parent)) continue;
      problems.push({ field: `${at}.depends_on[${number}]`, description: `${parent} is no question here` });
    }
    problems.push(...checkTexts(question, at, used), ...checkParameters(question, at));
    problems.push(...checkCount(question, at));
  }
  const cycle = findCycle(questions);
  if (cycle !== undefined) {
    const index = questions.findIndex(({ id }) => id === cycle[0]);
    problems.push({
      field: `${path}[${index}].depends_on`,
      description: `depends on itself: ${cycle.join(' -> ')}`,
    });
  }
  used.delete(BRIEF);
  return { problems, cycle, usedVariables: [...used].sort(), warnings: warningsOf(questions) };
}

function checkTexts(question: Question, at: string, used: Set<string>): Problem[] {
  return textsOf(question).flatMap(({ path, source }) => {
    try {
      for (const use of parseLiquid(source).uses) used.add(String(use.path[0]));
      return [];
    } catch (error) {
      if (!(error instanceof LiquidProblem)) throw error;
      return [{ field: `${at}.${path}`, description: error.message }];
    }
  });
}

/** A number with variables in it is checked again with the values. */
function checkCount({ check, openCount }: Question, at: string): Problem[] {
  if (openCount === undefined) return [];
  const field = `${at}.open_count`;
  if (check !== undefined) {
    return [
      { field, description: `is for a vision model, and the check ${check.kind} answers the question` },
    ];
  }
  return isTemplated(openCount.of + openCount.expected) ? [] : countProblems(openCount, field);
}

/** Parameters with variables in them are checked again with the values, when an image is judged. */
function checkParameters({ check }: Question, at: string): Problem[] {
  if (check === undefined) return [];
  const definition = checks.get(check.kind);
  if (definition === undefined) {
    const kinds = [...checks.keys()].sort().join(', ');
    return [{ field: `${at}.check.kind`, description: `${check.kind} is none of ${kinds}` }];
  }
  const parameters = check.parameters ?? {};
  if (isTemplated(JSON.stringify(parameters))) return [];
  return parameterProblems(check.kind, parameters, `${at}.check.parameters`);
}

/**
 * What is wrong with the finished parameters of a check, each field once. The kind must be known. A check tells its first
 * fault; the faults after it are found by leaving out the field that has it.
 */
export function parameterProblems(
  kind: string,
  parameters: Readonly<Record<string, unknown>>,
  path: string,
): Problem[] {
  const rest = { ...parameters };
  const problems: Problem[] = [];
  for (;;) {
    const fault = parameterFault(kind, rest);
    // A field that is missing now may have been left out by this very search.
    if (fault === undefined || (problems.length > 0 && !Object.hasOwn(rest, fault.field))) return problems;
    problems.push({ field: `${path}.${fault.field}`, description: fault.message });
    if (!Object.hasOwn(rest, fault.field)) return problems;
    delete rest[fault.field];
  }
}

function parameterFault(kind: string, parameters: Readonly<Record<string, unknown>>): ParamError | undefined {
  try {
    checks.get(kind)?.parse(parameters);
    return undefined;
  } catch (error) {
    if (!(error instanceof ParamError)) throw error;
    return error;
  }
}
