import type { RubricService } from '@atelier/protos/atelier/evaluation/v1/rubric_service_pb.ts';
import type { Handler } from '@atelier/rpc';
import { invalidArgument } from '@atelier/rpc';
import type { EvaluatorContext } from '../../context.ts';

/** Changes display name, description, visibility and labels. */
export function updateRubric(context: EvaluatorContext): Handler<typeof RubricService.method.updateRubric> {
  return async ({ rubric }, call) => {
    if (rubric === undefined) throw invalidArgument('rubric', 'is required');
    return { rubric: await context.rubrics.update(rubric, call) };
  };
}
