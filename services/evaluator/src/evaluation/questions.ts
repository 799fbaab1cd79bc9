import type { Question } from '@atelier/protos/atelier/evaluation/v1/rubric_pb.ts';
import { invalidArgument } from '@atelier/rpc';
import type { JsonObject } from '@bufbuild/protobuf';
import type { Problem } from '../rubric/problem.ts';
import { renderQuestions } from '../rubric/render.ts';
import { type QuestionReport, validateQuestions } from '../rubric/validate.ts';

/** INVALID_ARGUMENT for what `validateQuestions` found; undefined where it found nothing. */
export function refusalOf({ problems, cycle }: Pick<QuestionReport, 'problems' | 'cycle'>) {
  if (problems.length === 0) return undefined;
  return invalidArgument(problems, { reason: reasonOf(problems, cycle !== undefined) });
}

/** A circle is told as such when it is all that is wrong; otherwise a broken text before a broken field. */
function reasonOf(problems: readonly Problem[], isCyclic: boolean) {
  if (isCyclic) return 'CYCLIC_DEPENDENCY';
  const isText = ({ description }: Problem) => /^line \d+, column \d+/.test(description);
  return problems.every(isText) ? 'TEMPLATE_INVALID' : 'INVALID_FIELD';
}

/** What an evaluation asks, from a rubric's questions and those of the call, rendered over the values of `scope`. */
export function questionsToAsk(
  rubric: readonly Question[],
  own: readonly Question[],
  scope: JsonObject,
): readonly Question[] {
  const refusal = refusalOf(
    validateQuestions(
      own,
      'questions',
      rubric.map(({ id }) => id),
    ),
  );
  if (refusal !== undefined) throw refusal;
  const ofRubric = renderQuestions(rubric, scope, 'rubric.questions');
  const ofCall = renderQuestions(own, scope, 'questions');
  const problems = [...ofRubric.problems, ...ofCall.problems];
  if (problems.length > 0) throw invalidArgument(distinct(problems), { reason: 'VARIABLE_INVALID' });
  return [...ofRubric.questions, ...ofCall.questions];
}

/** A variable that both lists miss is one problem. */
function distinct(problems: readonly Problem[]): Problem[] {
  return [...new Map(problems.map((problem) => [problem.field, problem])).values()];
}
