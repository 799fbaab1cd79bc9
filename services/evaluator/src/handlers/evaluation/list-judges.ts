import type { EvaluationService } from '@atelier/protos/atelier/evaluation/v1/evaluation_service_pb.ts';
import type { Handler } from '@atelier/rpc';
import type { EvaluatorContext } from '../../context.ts';

/** Lists the judges that are configured, and what each can do. */
export function listJudges(context: EvaluatorContext): Handler<typeof EvaluationService.method.listJudges> {
  return async () => ({
    judges: context.judges.map(({ instance, version, type, capabilities, model, asks, isPriced }) => ({
      instance,
      version: `${instance}@${version}`,
      type,
      checks: [...capabilities.checks],
      vision: capabilities.vision,
      logProbabilities: capabilities.logProbabilities,
      configured: true,
      model,
      asks,
      priced: isPriced,
    })),
  });
}
