import type { EvaluationService } from '@atelier/protos/atelier/evaluation/v1/evaluation_service_pb.ts';
import type { Handler } from '@atelier/rpc';
import type { EvaluatorContext } from '../../context.ts';
import { Spending } from '../../evaluation/spending.ts';

/** Answers a rubric's questions about one image, when its turn comes. */
export function evaluateImage(
  context: EvaluatorContext,
): Handler<typeof EvaluationService.method.evaluateImage> {
  return async ({ priority, ...request }, call) => {
    const spending = new Spending();
    const input = { ...request, variables: request.variables ?? {}, secondLook: request.secondLook };
    const work = () => context.evaluator.evaluate(input, call, spending.spend);
    const evaluation = await spending.reportedBy(
      () => context.queue.run(work, priority, call.signal),
      call.signal,
      call.requestId,
    );
    return { ...evaluation, usage: spending.usage };
  };
}
