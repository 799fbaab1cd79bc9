import { LiquidProblem, parseLiquid, renderLiquid } from '@atelier/liquid';
import { type Question, QuestionSchema } from '@atelier/protos/atelier/evaluation/v1/rubric_pb.ts';
import { clone, type JsonObject } from '@bufbuild/protobuf';
import { countProblems } from './open-count.ts';
import type { Problem } from './problem.ts';
import { mapTexts, textsOf } from './question-texts.ts';
import { BRIEF } from './scope.ts';
import { parameterProblems } from './validate.ts';

/** Questions as they are asked, or what is missing for that. */
export interface Rendering {
  readonly questions: readonly Question[];
  readonly problems: readonly Problem[];
}

/**
 * Renders texts, check parameters and open counts over the variables. Every variable without a value is one problem, named
 * `variables["NAME"]`; what comes out wrong is named by its path.
 */
export function renderQuestions(
  questions: readonly Question[],
  variables: JsonObject,
  path: string,
): Rendering {
  const missing = missingVariables(questions, variables);
  if (missing.length > 0) return { questions: [], problems: missing };
  const problems: Problem[] = [];
  const rendered = questions.map((question, index) => {
    const at = `${path}[${index}]`;
    const render = (source: string, below: string): string => {
      try {
        return renderLiquid(parseLiquid(source), variables).trim();
      } catch (error) {
        if (!(error instanceof LiquidProblem)) throw error;
        problems.push({ field: `${at}.${below}`, description: error.message });
        return '';
      }
    };
    const asked = clone(QuestionSchema, question);
    asked.text = render(question.text, 'text');
    asked.hint = render(question.hint, 'hint');
    asked.negatedText = render(question.negatedText, 'negated_text');
    if (asked.openCount !== undefined) {
      asked.openCount.of = render(asked.openCount.of, 'open_count.of');
      asked.openCount.expected = render(asked.openCount.expected, 'open_count.expected');
      problems.push(...countProblems(asked.openCount, `${at}.open_count`));
    }
    if (asked.check !== undefined) {
      asked.check.parameters = mapTexts(question.check?.parameters ?? {}, render);
      problems.push(...parameterProblems(asked.check.kind, asked.check.parameters, `${at}.check.parameters`));
    }
    return asked;
  });
  return { questions: rendered, problems };
}

function missingVariables(questions: readonly Question[], variables: JsonObject): Problem[] {
  const users = new Map<string, string>();
  for (const question of questions) {
    for (const { source } of textsOf(question)) {
      for (const { path } of parseLiquid(source).uses) {
        const name = String(path[0]);
        if (!Object.hasOwn(variables, name) && !users.has(name)) users.set(name, question.id);
      }
    }
  }
  return [...users].map(([name, id]) => ({
    field: name === BRIEF ? BRIEF : `variables["${name}"]`,
    description: `is used by the question ${id} and has no value`,
  }));
}
