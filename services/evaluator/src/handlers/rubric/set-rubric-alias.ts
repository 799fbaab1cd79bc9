import type { RubricService } from '@atelier/protos/atelier/evaluation/v1/rubric_service_pb.ts';
import type { Handler } from '@atelier/rpc';
import type { EvaluatorContext } from '../../context.ts';

/** Points an alias at a version. */
export function setRubricAlias(
  context: EvaluatorContext,
): Handler<typeof RubricService.method.setRubricAlias> {
  return async (request, call) => ({ rubric: await context.rubrics.setAlias(request, call) });
}
