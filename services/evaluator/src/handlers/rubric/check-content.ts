import type { RubricContent } from '@atelier/protos/atelier/evaluation/v1/rubric_pb.ts';
import { invalidArgument } from '@atelier/rpc';
import type { EvaluatorContext } from '../../context.ts';
import { refusalOf } from '../../evaluation/questions.ts';
import type { Problem } from '../../rubric/problem.ts';
import { validateQuestions } from '../../rubric/validate.ts';

/** The content, or INVALID_ARGUMENT naming everything that is wrong with it. */
export function checkContent(
  { judges }: Pick<EvaluatorContext, 'judges'>,
  content: RubricContent | undefined,
): RubricContent {
  if (content === undefined) throw invalidArgument('content', 'is required');
  const report = validateQuestions(content.questions, 'content.questions');
  const unknown = content.judges.flatMap((name, index): Problem[] =>
    judges.some(({ instance }) => instance === name)
      ? []
      : [{ field: `content.judges[${index}]`, description: `${name} is no judge that is configured` }],
  );
  const refusal = refusalOf({ problems: [...report.problems, ...unknown], cycle: report.cycle });
  if (refusal !== undefined) throw refusal;
  return content;
}
