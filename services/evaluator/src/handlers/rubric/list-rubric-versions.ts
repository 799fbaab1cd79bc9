import type { RubricService } from '@atelier/protos/atelier/evaluation/v1/rubric_service_pb.ts';
import type { Handler } from '@atelier/rpc';
import type { EvaluatorContext } from '../../context.ts';

/** Lists a rubric's versions, newest first. */
export function listRubricVersions(
  context: EvaluatorContext,
): Handler<typeof RubricService.method.listRubricVersions> {
  return async (request, call) => context.rubrics.listVersions(request, call);
}
