import type { RubricService } from '@atelier/protos/atelier/evaluation/v1/rubric_service_pb.ts';
import type { Handler } from '@atelier/rpc';
import { invalidArgument } from '@atelier/rpc';
import type { EvaluatorContext } from '../../context.ts';
import { canAnswer } from '../../judges/judge.ts';
import type { Problem } from '../../rubric/problem.ts';
import { renderQuestions } from '../../rubric/render.ts';
import { validateQuestions } from '../../rubric/validate.ts';
import { checkContent } from './check-content.ts';

/** Checks questions without keeping them, and renders them where values are given. */
export function validateRubric(
  context: EvaluatorContext,
): Handler<typeof RubricService.method.validateRubric> {
  return async ({ content, sampleVariables, organisation }) => {
    const { questions } = checkContent(context, content, { withOrganisation: organisation });
    const { usedVariables, warnings } = validateQuestions(questions, 'content.questions');
    const cannot = questions
      .filter((question) => !context.judges.some((judge) => canAnswer(judge, question)))
      .map(({ id }) => `No judge that is configured can answer the question ${id}.`);
    const rendering =
      sampleVariables === undefined
        ? { questions: [], problems: [] }
        : renderQuestions(questions, sampleVariables, 'content.questions');
    if (rendering.problems.length > 0) {
      throw invalidArgument(rendering.problems.map(inSample), { reason: 'VARIABLE_INVALID' });
    }
    return {
      rendered: [...rendering.questions],
      usedVariables: [...usedVariables],
      warnings: [...warnings, ...cannot],
    };
  };
}

/** The values came as sample variables. */
function inSample({ field, description }: Problem): Problem {
  return { field: field.replace(/^variables\[/, 'sample_variables['), description };
}
