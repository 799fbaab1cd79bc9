import type { RubricService } from '@atelier/protos/atelier/evaluation/v1/rubric_service_pb.ts';
import type { Handler } from '@atelier/rpc';
import type { EvaluatorContext } from '../../context.ts';

/** Archives a rubric, or brings it back. */
export function archiveRubric(context: EvaluatorContext): Handler<typeof RubricService.method.archiveRubric> {
  return async (request, call) => ({ rubric: await context.rubrics.archive(request, call) });
}
