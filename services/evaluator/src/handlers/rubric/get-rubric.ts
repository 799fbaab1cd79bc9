import type { RubricService } from '@atelier/protos/atelier/evaluation/v1/rubric_service_pb.ts';
import type { Handler } from '@atelier/rpc';
import type { EvaluatorContext } from '../../context.ts';

/** Reads a rubric and one version. */
export function getRubric(context: EvaluatorContext): Handler<typeof RubricService.method.getRubric> {
  return async ({ name }, call) => {
    const { header, version } = await context.rubrics.get(name, call);
    return { rubric: header, version };
  };
}
