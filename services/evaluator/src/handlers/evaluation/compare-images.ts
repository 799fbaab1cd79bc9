import type { EvaluationService } from '@atelier/protos/atelier/evaluation/v1/evaluation_service_pb.ts';
import type { Handler } from '@atelier/rpc';
import type { EvaluatorContext } from '../../context.ts';
import { compareTwo } from '../../evaluation/comparison.ts';
import { Spending } from '../../evaluation/spending.ts';

/** Says which of two images is better, when its turn comes. */
export function compareImages(
  context: EvaluatorContext,
): Handler<typeof EvaluationService.method.compareImages> {
  return async ({ imageA, imageB, brief, rubric, variables = {}, priority }, call) => {
    const spending = new Spending();
    const input = { imageA, imageB, brief, rubric, variables };
    const work = () => compareTwo(context, input, call, spending.spend);
    const compared = await spending.reportedBy(
      () => context.queue.run(work, priority, call.signal),
      call.signal,
      call.requestId,
    );
    return { ...compared, usage: spending.usage };
  };
}
