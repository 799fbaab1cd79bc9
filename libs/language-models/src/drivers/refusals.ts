import type { ModelFailureKind } from '../language-model.ts';
import { VendorError } from './driver.ts';

/** Codes by which vendors say that their moderation does not take a question. */
const MODERATION = new Set([
  'content_policy_violation',
  'content_filter',
  'moderation_blocked',
  'safety',
  'sensitive',
]);

/** Codes by which vendors say, with whatever status, that the key or the account will not do. */
const ACCOUNT = new Set([
  'invalid_api_key',
  'api_key_invalid',
  'insufficient_quota',
  'billing_hard_limit_reached',
  'billing_error',
]);

/** What Anthropic says, as an invalid request, of an account without money. */
const NO_CREDIT = /credit balance is too low/i;

/** A vendor's error document, as far as vendors agree on one. */
interface ErrorDocument {
  readonly error?: {
    readonly code?: unknown;
    readonly type?: unknown;
    readonly status?: unknown;
    readonly message?: unknown;
    readonly details?: unknown;
  };
}

/**
 * Reads an answer that is no success. Statuses mean the same everywhere; where one means several things, the vendor's code tells
 * them apart. The vendor's words are not passed on, since they may quote the request, or the key.
 */
export function readRefusal(status: number, headers: Headers, body: string): VendorError {
  const { error } = parsed(body);
  const details = Array.isArray(error?.details) ? (error.details as Record<string, unknown>[]) : [];
  const codes = [error?.code, error?.type, error?.status, ...details.map(({ reason }) => reason)]
    .filter((code) => typeof code === 'string')
    .map((code) => code.toLowerCase());
  const kind = NO_CREDIT.test(String(error?.message)) ? 'auth' : kindOf(status, codes);
  const shown = codes.find((code) => /^[a-z0-9_.-]{2,64}$/.test(code));
  const message = `the vendor answered ${status}${shown === undefined ? '' : ` (${shown})`}`;
  return new VendorError(kind, message, { retryAfterMs: retryAfterMs(headers, details) });
}

function kindOf(status: number, codes: readonly string[]): ModelFailureKind {
  if (codes.some((code) => ACCOUNT.has(code))) return 'auth';
  if (codes.some((code) => MODERATION.has(code))) return 'refused';
  if (status === 429) return 'rate_limited';
  if (status === 401 || status === 402 || status === 403) return 'auth';
  if (status === 408 || status === 504) return 'timeout';
  // A redirect is not followed; a conflict is one of the vendor's own making.
  if (status < 400 || status === 409 || status >= 499) return 'unavailable';
  return 'invalid_request';
}

/** How long to wait: seconds or a date in a header, or as Google says it in the document. */
function retryAfterMs(headers: Headers, details: readonly Record<string, unknown>[]): number | undefined {
  const delay = details.map(({ retryDelay }) => retryDelay).find((value) => typeof value === 'string');
  const [, told] = /^(\d+(?:\.\d+)?)s$/.exec(delay ?? '') ?? [];
  if (told !== undefined) return Number(told) * 1_000;
  const header = headers.get('retry-after');
  if (header === null) return undefined;
  const ms = /^\d+(\.\d+)?$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - Date.now();
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}

function parsed(body: string): ErrorDocument {
  try {
    const document: unknown = JSON.parse(body);
    // Gemini's compatible edge puts it into a list.
    const first = Array.isArray(document) ? document[0] : document;
    return typeof first === 'object' && first !== null ? (first as ErrorDocument) : {};
  } catch {
    return {};
  }
}
