import {
  FailureClass,
  RefusalStage,
} from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import type { JsonObject, JsonValue } from '@bufbuild/protobuf';
import { readError } from '../http/answer.ts';
import { withoutTexts } from '../http/discretion.ts';
import { isObject } from '../http/one-image.ts';
import { statusFailure } from '../http/status-failure.ts';
import type { HttpAnswer } from '../http/transport.ts';
import { ProviderFailure, ProviderRefusal, type Submission } from '../provider.ts';

/** The words by which the providers behind the router name their moderation. */
const REFUSED = /content_policy_violation|moderation_blocked|content_filter|nsfw/i;

/** What an answer other than 200 stands for. */
export async function huggingfaceError(
  answer: HttpAnswer,
  submission: Submission,
): Promise<ProviderFailure | ProviderRefusal> {
  return failureOf(answer, await readError(answer), submission);
}

/** What an error's body stands for, whatever the status: a model that is still loading says how long that will take. */
export function failureOf(
  answer: HttpAnswer,
  body: JsonObject,
  submission: Submission,
): ProviderFailure | ProviderRefusal {
  const said = withoutTexts(saidBy(body), submission.body);
  const named = REFUSED.exec(`${codesOf(body)} ${said}`)?.[0];
  if (named !== undefined && answer.status < 500) {
    const message = 'The provider’s moderation refused the request.';
    return new ProviderRefusal({
      stage: RefusalStage.UNSPECIFIED,
      categories: [named.toLowerCase()],
      message,
    });
  }
  const failure = statusFailure(answer, said);
  const { estimated_time: seconds } = body;
  const isLoading = typeof seconds === 'number' || /is currently loading/i.test(said);
  if (!isLoading) return failure;
  const retryAfterMs = failure.retryAfterMs ?? (typeof seconds === 'number' ? seconds * 1_000 : undefined);
  return new ProviderFailure(
    FailureClass.UNAVAILABLE,
    failure.message,
    retryAfterMs === undefined ? {} : { retryAfterMs },
  );
}

/** `error` is a text, a list of texts, or an object with a message; other providers have `message` or `detail`. */
function saidBy({ error, message, detail }: JsonObject): string {
  const text = [error, message, detail].map(textOf).find((found) => found !== '');
  return text ?? '';
}

function textOf(value: JsonValue | undefined): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(textOf).join('; ');
  if (!isObject(value)) return '';
  return String(value.message ?? value.msg ?? '');
}

/** Codes and types of errors, which say more surely than words what is meant. */
function codesOf({ error, detail, code, type }: JsonObject): string {
  const items = [error, ...(Array.isArray(detail) ? detail : [])].filter(isObject);
  return [code, type, ...items.flatMap((item) => [item.code, item.type])]
    .filter((name) => typeof name === 'string')
    .join(' ');
}
