import { FailureClass } from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import type { JsonObject } from '@bufbuild/protobuf';
import { readError } from '../http/answer.ts';
import { statusFailure } from '../http/status-failure.ts';
import type { HttpAnswer } from '../http/transport.ts';
import { ProviderFailure } from '../provider.ts';

/** What an answer other than 200 stands for. How long to wait is in the details of the status, and not in a header. */
export async function geminiError(answer: HttpAnswer): Promise<ProviderFailure> {
  const body = await readError(answer);
  const { message, details } = (body.error ?? body) as JsonObject;
  const failure = statusFailure(answer, String(message ?? ''));
  const retryAfterMs = failure.retryAfterMs ?? retryDelay(details);
  return new ProviderFailure(
    stopOf(body) ?? failure.failureClass,
    failure.message,
    retryAfterMs === undefined ? {} : { retryAfterMs },
  );
}

/** A 400 that speaks of the key or the account, and not of the request; undefined for any other answer. */
function stopOf(body: JsonObject): FailureClass | undefined {
  const { status, details } = (body.error ?? body) as JsonObject;
  const reasons = Array.isArray(details)
    ? details.map((detail) => (detail as JsonObject | null)?.reason)
    : [];
  if (reasons.some((reason) => reason === 'API_KEY_INVALID' || reason === 'API_KEY_EXPIRED')) {
    return FailureClass.AUTH;
  }
  // A region or a plan that may not use the model: no request of this account is taken.
  return status === 'FAILED_PRECONDITION' ? FailureClass.ACCOUNT : undefined;
}

/** `google.rpc.RetryInfo` in its JSON form: a duration such as `2.5s`. */
function retryDelay(details: unknown): number | undefined {
  if (!Array.isArray(details)) return undefined;
  for (const detail of details as (JsonObject | null)[]) {
    const seconds = /^(\d+(?:\.\d+)?)s$/.exec(String(detail?.retryDelay ?? ''))?.[1];
    if (seconds !== undefined) return Number(seconds) * 1_000;
  }
  return undefined;
}
