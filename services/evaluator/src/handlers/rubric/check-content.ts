import type { RubricContent } from '@atelier/protos/atelier/evaluation/v1/rubric_pb.ts';
import { invalidArgument } from '@atelier/rpc';
import type { EvaluatorContext } from '../../context.ts';
import { refusalOf } from '../../evaluation/questions.ts';
import type { Problem } from '../../rubric/problem.ts';
import { validateQuestions } from '../../rubric/validate.ts';

/** How the ids of the organisation's questions begin. */
const ORGANISATION_PREFIX = 'org-';

/**
 * The content, or INVALID_ARGUMENT naming everything that is wrong with it. Ids of the organisation's questions are wrong
 * in a rubric, and right where those questions are checked together with a rubric's.
 */
export function checkContent(
  { judges }: Pick<EvaluatorContext, 'judges'>,
  content: RubricContent | undefined,
  { withOrganisation = false }: { readonly withOrganisation?: boolean } = {},
): RubricContent {
  if (content === undefined) throw invalidArgument('content', 'is required');
  const report = validateQuestions(content.questions, 'content.questions');
  const unknown = content.judges.flatMap((name, index): Problem[] =>
    judges.some(({ instance }) => instance === name)
      ? []
      : [{ field: `content.judges[${index}]`, description: `${name} is no judge that is configured` }],
  );
  const reserved = content.questions.flatMap(({ id }, index): Problem[] =>
    withOrganisation || !id.startsWith(ORGANISATION_PREFIX)
      ? []
      : [
          {
            field: `content.questions[${index}].id`,
            description: `${id} begins with ${ORGANISATION_PREFIX}, as only the organisation's own questions may`,
          },
        ],
  );
  const problems = [...report.problems, ...unknown, ...reserved];
  const refusal = refusalOf({ problems, cycle: report.cycle });
  if (refusal !== undefined) throw refusal;
  return content;
}
