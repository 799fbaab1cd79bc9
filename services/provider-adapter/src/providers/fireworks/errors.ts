import {
  FailureClass,
  RefusalStage,
} from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import type { JsonObject, JsonValue } from '@bufbuild/protobuf';
import { readError } from '../http/answer.ts';
import { statusFailure } from '../http/status-failure.ts';
import type { HttpAnswer } from '../http/transport.ts';
import { ProviderFailure, ProviderRefusal } from '../provider.ts';

/** An account is suspended, by its spending limit or by an invoice that was not paid. */
const SUSPENDED = 412;

/** What an answer other than 200 stands for. Refusals are no errors here. */
export async function fireworksError(answer: HttpAnswer): Promise<ProviderFailure> {
  const failure = statusFailure(answer, saidBy(await readError(answer)));
  return answer.status === SUSPENDED ? new ProviderFailure(FailureClass.ACCOUNT, failure.message) : failure;
}

/** A refusal by moderation. */
export function refusal(stage: RefusalStage, categories: readonly string[]): ProviderRefusal {
  const what = stage === RefusalStage.INPUT ? 'request' : 'image';
  const message = `The provider’s moderation refused the ${what}.`;
  return new ProviderRefusal({ stage, categories: [...categories], message });
}

/** The text of an error, wherever it is: every part of Fireworks has its own place for it. */
function saidBy({ error, error_message: text, detail, message }: JsonObject): string {
  const inner: JsonValue | undefined =
    typeof error === 'object' && error !== null && !Array.isArray(error) ? error.message : error;
  const found = [inner, text, detail, message].find((said) => typeof said === 'string');
  return typeof found === 'string' ? found : '';
}
