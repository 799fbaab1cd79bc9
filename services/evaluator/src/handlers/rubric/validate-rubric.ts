import type { Question } from '@atelier/protos/atelier/evaluation/v1/rubric_pb.ts';
import type { RubricService } from '@atelier/protos/atelier/evaluation/v1/rubric_service_pb.ts';
import type { Handler } from '@atelier/rpc';
import { invalidArgument } from '@atelier/rpc';
import type { EvaluatorContext } from '../../context.ts';
import { estimateLook } from '../../evaluation/estimate.ts';
import { panelOf } from '../../evaluation/panel-of.ts';
import { canAnswer, canRead } from '../../judges/judge.ts';
import { LARGEST_SHOWN } from '../../pixels/index.ts';
import type { Problem } from '../../rubric/problem.ts';
import { renderQuestions } from '../../rubric/render.ts';
import { scopeOf } from '../../rubric/scope.ts';
import { validateQuestions } from '../../rubric/validate.ts';
import { checkContent } from './check-content.ts';

/** Stands in a sample for the brief, which only a generation has. */
const SAMPLE_BRIEF = '(the brief)';

/** As long as a brief can be, in letters of four bytes: what questions cost that quote it must not be told too low. */
const LONGEST_BRIEF = '𠀀'.repeat(8_192);

/** Checks questions without keeping them, and renders them where values are given. */
export function validateRubric(
  context: EvaluatorContext,
): Handler<typeof RubricService.method.validateRubric> {
  return async ({ content, sampleVariables, referenceImages, withoutJudges, organisation }) => {
    const { questions, judges: named } = checkContent(context, content, { withOrganisation: organisation });
    const { usedVariables, warnings } = validateQuestions(questions, 'content.questions');
    const { judges } = panelOf(context.judges, named, { judges: [], withoutJudges });
    const isAnswerable = (question: Question) =>
      judges.some((judge) => canAnswer(judge, question) || canRead(judge, question));
    const cannot = questions
      .filter((question) => !isAnswerable(question))
      .map(({ id }) => `No judge that is configured can answer the question ${id}.`);
    const render = (brief: string) =>
      sampleVariables === undefined
        ? { questions: [], problems: [] }
        : renderQuestions(questions, scopeOf(sampleVariables, brief), 'content.questions');
    const rendering = render(SAMPLE_BRIEF);
    if (rendering.problems.length > 0) {
      throw invalidArgument(rendering.problems.map(inSample), { reason: 'VARIABLE_INVALID' });
    }
    return {
      rendered: [...rendering.questions],
      usedVariables: [...usedVariables],
      warnings: [...warnings, ...cannot],
      estimate: estimateLook(judges, {
        questions: sampleVariables === undefined ? questions : render(LONGEST_BRIEF).questions,
        image: LARGEST_SHOWN,
        references: Array.from({ length: referenceImages }, () => LARGEST_SHOWN),
      }),
    };
  };
}

/** The values came as sample variables. */
function inSample({ field, description }: Problem): Problem {
  return { field: field.replace(/^variables\[/, 'sample_variables['), description };
}
