import type { RubricService } from '@atelier/protos/atelier/evaluation/v1/rubric_service_pb.ts';
import type { Handler } from '@atelier/rpc';
import type { EvaluatorContext } from '../../context.ts';

/** Lists what the caller's team can see. */
export function listRubrics(context: EvaluatorContext): Handler<typeof RubricService.method.listRubrics> {
  return async (request, call) => {
    const { headers, nextPageToken } = await context.rubrics.list(request, call);
    return { rubrics: headers, nextPageToken };
  };
}
