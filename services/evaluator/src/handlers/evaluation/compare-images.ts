import type { EvaluationService } from '@atelier/protos/atelier/evaluation/v1/evaluation_service_pb.ts';
import { Preference, Priority } from '@atelier/protos/atelier/evaluation/v1/evaluation_service_pb.ts';
import type { Handler } from '@atelier/rpc';
import type { EvaluatorContext } from '../../context.ts';
import { preferred, rationaleOf } from '../../scoring/compare.ts';

/** Says which of two images answers a rubric better. */
export function compareImages(
  context: EvaluatorContext,
): Handler<typeof EvaluationService.method.compareImages> {
  return async ({ imageA, imageB, rubric, variables = {}, brief }, call) => {
    if (rubric === '') {
      await context.evaluator.requireImages([imageA, imageB], call);
      return {
        preference: Preference.CANNOT_JUDGE,
        rationale: 'Without a rubric only a vision model can compare images, and none is configured.',
      };
    }
    const evaluate = (image: string) => {
      const input = {
        image,
        rubric,
        questions: [],
        variables,
        referenceImages: [],
        brief,
        stopAtFirstFailure: false,
      };
      return context.queue.run(
        () => context.evaluator.evaluate(input, call),
        Priority.INTERACTIVE,
        call.signal,
      );
    };
    const [a, b] = await Promise.all([evaluate(imageA), evaluate(imageB)]);
    // Each image is measured by itself, so that the order in which they are named cannot matter.
    const preference = preferred(a.score, b.score);
    return {
      preference,
      rationale: rationaleOf(preference, a.score, b.score),
      usage: [...a.usage, ...b.usage],
      scoreA: a.score,
      scoreB: b.score,
    };
  };
}
