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
    failure.failureClass,
    failure.message,
    retryAfterMs === undefined ? {} : { retryAfterMs },
  );
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
