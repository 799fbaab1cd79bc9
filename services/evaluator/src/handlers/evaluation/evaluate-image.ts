import type { EvaluationService } from '@atelier/protos/atelier/evaluation/v1/evaluation_service_pb.ts';
import type { Handler } from '@atelier/rpc';
import type { EvaluatorContext } from '../../context.ts';

/** Answers a rubric's questions about one image, when its turn comes. */
export function evaluateImage(
  context: EvaluatorContext,
): Handler<typeof EvaluationService.method.evaluateImage> {
  return async (request, call) => {
    const work = async () => {
      const {
        image,
        rubric,
        questions,
        variables = {},
        referenceImages,
        brief,
        stopAtFirstFailure,
      } = request;
      const input = { image, rubric, questions, variables, referenceImages, brief, stopAtFirstFailure };
      return context.evaluator.evaluate(input, call);
    };
    return context.queue.run(work, request.priority, call.signal);
  };
}
