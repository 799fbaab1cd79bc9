import { FailureClass } from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import type { JsonObject, JsonValue } from '@bufbuild/protobuf';
import { readError } from '../http/answer.ts';
import { statusFailure } from '../http/status-failure.ts';
import type { HttpAnswer } from '../http/transport.ts';
import { ProviderFailure } from '../provider.ts';

/** A run of this many characters of the input counts as a quotation of it. */
const QUOTATION = 12;

/** Strings of the input that are shorter than this are too common to tell a quotation by. */
const SHORTEST = 3;

/**
 * What an answer outside of 2xx stands for. Errors are of the form of RFC 7807; a 429 often says only in its text when the
 * limit resets.
 */
export async function replicateError(answer: HttpAnswer, input: JsonObject): Promise<ProviderFailure> {
  const problem = await readError(answer);
  const said = [problem.detail, problem.title, problem.message].find((text) => typeof text === 'string');
  const failure = statusFailure(answer, withoutInput(String(said ?? ''), input));
  const { failureClass, message, retryAfterMs } = failure;
  const reset = retryAfterMs ?? resetMs(problem);
  if (failureClass !== FailureClass.RATE_LIMITED || reset === undefined) return failure;
  return new ProviderFailure(failureClass, message, { retryAfterMs: reset });
}

function resetMs({ retry_after: seconds, detail }: JsonObject): number | undefined {
  if (typeof seconds === 'number' && seconds >= 0) return seconds * 1_000;
  const found = /resets in ~?\s*(\d+(?:\.\d+)?)\s*s/i.exec(String(detail))?.[1];
  return found === undefined ? undefined : Number(found) * 1_000;
}

/** What the provider says, or nothing where it quotes what the caller wrote. */
export function withoutInput(text: string, input: JsonObject): string {
  const plain = text.toLowerCase();
  return strings(input).some((value) => isQuoted(value.toLowerCase(), plain)) ? '' : text;
}

function isQuoted(value: string, text: string): boolean {
  if (value.length < SHORTEST) return false;
  for (let start = 0; start + QUOTATION <= value.length; start += 1) {
    if (text.includes(value.slice(start, start + QUOTATION))) return true;
  }
  return value.length < QUOTATION && text.includes(value);
}

function strings(value: JsonValue): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(strings);
}
