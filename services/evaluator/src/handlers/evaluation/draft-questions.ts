import type { EvaluationService } from '@atelier/protos/atelier/evaluation/v1/evaluation_service_pb.ts';
import type { Handler } from '@atelier/rpc';
import { unimplemented } from '@atelier/rpc';

/** Drafting needs a writer that no configuration offers yet. */
export function draftQuestions(): Handler<typeof EvaluationService.method.draftQuestions> {
  return async () => {
    throw unimplemented('Drafting questions waits for a language model to be configured.', {
      reason: 'NOT_OFFERED',
    });
  };
}
