import { FailureClass } from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import { ProviderFailure } from '../provider.ts';
import type { HttpAnswer } from './transport.ts';

/** More of what a provider says is not passed on, in characters. */
const MAX_SAID = 500;

/**
 * The failure that an HTTP status stands for. A 500 or 503 is the provider's word that it failed; after a 502 or a 504 a
 * proxy speaks that has lost the provider, so that nobody knows what became of the request. `said` is the provider's own
 * text.
 */
export function statusFailure(answer: HttpAnswer, said: string): ProviderFailure {
  const text = said.replace(/\s+/g, ' ').trim().slice(0, MAX_SAID);
  const message = `The provider answered ${answer.status}${text === '' ? '' : `: ${text}`}`;
  const retryAfterMs = retryAfter(answer);
  return new ProviderFailure(classOf(answer.status), message, {
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  });
}

function classOf(status: number): FailureClass {
  if (status === 401 || status === 403) return FailureClass.AUTH;
  if (status === 402) return FailureClass.ACCOUNT;
  if (status === 429) return FailureClass.RATE_LIMITED;
  if (status === 502 || status === 504) return FailureClass.UNKNOWN_OUTCOME;
  if (status === 408 || status >= 500) return FailureClass.UNAVAILABLE;
  if (status >= 400) return FailureClass.INVALID_REQUEST;
  return FailureClass.BAD_ANSWER;
}

/**
 * How long to wait, in milliseconds, by `retry-after-ms` or `retry-after`, as seconds or as a date (RFC 9110, 10.2.3); where
 * neither is there, by when the limit that is used up begins anew.
 */
export function retryAfter({ header }: HttpAnswer, now: number = Date.now()): number | undefined {
  const exact = Number(header('retry-after-ms') ?? Number.NaN);
  if (Number.isFinite(exact) && exact >= 0) return exact;
  const text = header('retry-after');
  if (text === undefined) return resetOf(header);
  const seconds = Number(text);
  if (Number.isFinite(seconds) && seconds >= 0) return seconds * 1_000;
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

/** Limits whose state OpenAI and servers of its protocol tell in headers. */
const LIMITS = ['requests', 'tokens', 'images'];

/** The longest time until a limit that is used up begins anew; undefined where none says so. */
function resetOf(header: HttpAnswer['header']): number | undefined {
  const waits = LIMITS.filter((limit) => header(`x-ratelimit-remaining-${limit}`)?.trim() === '0')
    .map((limit) => duration(header(`x-ratelimit-reset-${limit}`) ?? ''))
    .filter((ms) => ms !== undefined);
  return waits.length === 0 ? undefined : Math.max(...waits);
}

const UNITS_MS: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1_000, ms: 1 };

/** A time in the form `1h2m3.5s` or `20ms`, in milliseconds; undefined for anything else. */
function duration(text: string): number | undefined {
  if (!/^(?:\d+(?:\.\d+)?(?:ms|h|m|s))+$/.test(text)) return undefined;
  const parts = text.matchAll(/(\d+(?:\.\d+)?)(ms|h|m|s)/g);
  return [...parts].reduce((sum, [, count, unit = '']) => sum + Number(count) * (UNITS_MS[unit] ?? 0), 0);
}
