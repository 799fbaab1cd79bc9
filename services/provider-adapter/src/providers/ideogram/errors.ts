import {
  FailureClass,
  RefusalStage,
} from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import { readError } from '../http/answer.ts';
import { statusFailure } from '../http/status-failure.ts';
import type { HttpAnswer } from '../http/transport.ts';
import { ProviderFailure, ProviderRefusal } from '../provider.ts';

/** How the text of a 422 speaks of moderation. A 422 is meant for that, but not every one says so. */
const REFUSED = /safety|unsafe|moderat|policy|nsfw/i;

/** Limits that no waiting lifts: somebody has to pay or to ask Ideogram. */
const ACCOUNT: ReadonlySet<unknown> = new Set([
  'insufficient_funds',
  'subscription_required',
  'daily_limit',
  'priority_credit_required',
  'feature_limit',
]);

/** What an answer other than 200 stands for. */
export async function ideogramError(answer: HttpAnswer): Promise<ProviderFailure | ProviderRefusal> {
  const { error, message, detail, reject_reason: reason } = await readError(answer);
  const text = [error, message, detail].find((said) => typeof said === 'string') ?? '';
  if (answer.status === 422 && REFUSED.test(String(text))) {
    const said = 'The provider’s moderation refused the request.';
    return new ProviderRefusal({ stage: RefusalStage.INPUT, categories: ['safety'], message: said });
  }
  const failure = statusFailure(answer, String(text));
  return ACCOUNT.has(reason) ? new ProviderFailure(FailureClass.ACCOUNT, failure.message) : failure;
}
