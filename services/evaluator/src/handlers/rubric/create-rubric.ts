import type { RubricService } from '@atelier/protos/atelier/evaluation/v1/rubric_service_pb.ts';
import type { Handler } from '@atelier/rpc';
import type { EvaluatorContext } from '../../context.ts';
import { checkContent } from './check-content.ts';

/** Makes a rubric with its first version, once its questions are found good. */
export function createRubric(context: EvaluatorContext): Handler<typeof RubricService.method.createRubric> {
  return async ({ rubricId, rubric, content, changeNote, requestId }, call) => {
    const checked = checkContent(context, content);
    const { header, version } = await context.rubrics.create(
      { id: rubricId, header: rubric, content: checked, changeNote, requestId },
      call,
    );
    return { rubric: header, version };
  };
}
