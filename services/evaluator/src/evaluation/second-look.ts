import type { Answer } from '@atelier/protos/atelier/evaluation/v1/answer_pb.ts';
import type { SecondLook } from '@atelier/protos/atelier/evaluation/v1/evaluation_service_pb.ts';
import type { Question } from '@atelier/protos/atelier/evaluation/v1/rubric_pb.ts';
import { invalidArgument } from '@atelier/rpc';
import { barelyPassed, mergedLooks } from '../scoring/second-look.ts';

/**
 * The questions that are asked again, without what they depend on: they passed, so that they applied. INVALID_ARGUMENT where
 * an answer of the first look is to another question than the one that would be asked now.
 */
export function askedAgain({ answers, margin }: SecondLook, questions: readonly Question[]): Question[] {
  const problems: { field: string; description: string }[] = [];
  const again = answers.flatMap((answer, index) => {
    if (!barelyPassed(answer, margin)) return [];
    const question = questions.find(({ id }) => id === answer.questionId);
    const field = `second_look.answers[${index}]`;
    if (question === undefined) {
      problems.push({ field: `${field}.question_id`, description: 'is no question here' });
    } else if (question.text !== answer.text) {
      problems.push({ field: `${field}.text`, description: 'is not the text of the question as it is now' });
    } else return [{ ...question, dependsOn: [] }];
    return [];
  });
  if (problems.length > 0) throw invalidArgument(problems);
  return again;
}

/** The answers of the first look, in their order, merged with those of the second. */
export function afterSecondLook(first: readonly Answer[], second: readonly Answer[]): Answer[] {
  const again = new Map(second.map((answer) => [answer.questionId, answer]));
  return first.map((answer) => {
    const other = again.get(answer.questionId);
    return other === undefined ? answer : mergedLooks(answer, other);
  });
}
