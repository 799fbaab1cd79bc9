import { z } from 'zod';
import { Secret } from './secret.ts';

/** A non-empty secret; the configuration holds it wrapped, so that printing the configuration does not show it. */
export function secret() {
  return z
    .string()
    .min(1)
    .transform((text) => new Secret(text));
}

const UNIT_MS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/**
 * A duration in milliseconds, written as a number with a unit (`250ms`, `1.5s`, `10m`, `2h`, `7d`) or as a bare number
 * of milliseconds. Not negative, and not less than so many milliseconds where a minimum is given.
 */
export function durationMs(minimumMs = 0) {
  return z.string().transform((text, context): number => {
    const match = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)?$/.exec(text);
    if (match === null) {
      context.addIssue({ code: 'custom', message: 'must be a duration, such as 250ms, 30s, 10m or 2h' });
      return z.NEVER;
    }
    const unit = (match[2] ?? 'ms') as keyof typeof UNIT_MS;
    const value = Math.round(Number(match[1]) * UNIT_MS[unit]);
    if (value >= minimumMs) return value;
    context.addIssue({ code: 'custom', message: `must be a duration of at least ${minimumMs} ms` });
    return z.NEVER;
  });
}

/** An integer in decimal digits, between the given bounds, both included. */
export function integer(minimum = 0, maximum = Number.MAX_SAFE_INTEGER) {
  return z.string().transform((text, context): number => {
    const value = /^-?\d+$/.test(text) ? Number(text) : Number.NaN;
    if (Number.isSafeInteger(value) && value >= minimum && value <= maximum) return value;
    context.addIssue({ code: 'custom', message: `must be a whole number from ${minimum} to ${maximum}` });
    return z.NEVER;
  });
}

/**
 * How often something may happen: at most so many times in so many seconds, written `150/10`. Both are whole numbers from 1,
 * up to 999,999 times and 99,999 seconds.
 */
export function rate() {
  return z.string().transform((text, context): { readonly requests: number; readonly seconds: number } => {
    const [, requests, seconds] = /^([1-9]\d{0,5})\/([1-9]\d{0,4})$/.exec(text) ?? [];
    if (requests !== undefined) return { requests: Number(requests), seconds: Number(seconds) };
    context.addIssue({
      code: 'custom',
      message: 'must be requests/seconds, both whole numbers from 1, such as 150/10',
    });
    return z.NEVER;
  });
}

/** Most requests at once that may be allowed to one instance of an outside service: no vendor takes more from an account. */
const MOST_AT_ONCE = 256;

/** How many requests an instance of an outside service is sent at once, a whole number from 1 to 256. */
export function concurrency() {
  return integer(1, MOST_AT_ONCE);
}

const TRUE = new Set(['true', '1', 'yes', 'on']);
const FALSE = new Set(['false', '0', 'no', 'off']);

/** `true`, `1`, `yes`, `on`, or `false`, `0`, `no`, `off`, in any case. */
export function bool() {
  return z.string().transform((text, context): boolean => {
    const word = text.toLowerCase();
    if (TRUE.has(word)) return true;
    if (FALSE.has(word)) return false;
    context.addIssue({ code: 'custom', message: 'must be true or false' });
    return z.NEVER;
  });
}

/** Items between commas, trimmed, empty ones left out. */
export function list() {
  return z.string().transform((text): readonly string[] => splitList(text));
}

/**
 * Exact web origins between commas, such as `http://127.0.0.1:8188,https://images.example`. Normalised as browsers do
 * (lower case, default port left out). A path, a query, a user or a wildcard is refused, since it would seem to narrow
 * or widen what an origin cannot.
 */
export function origins() {
  return z.string().transform((text, context): readonly string[] => {
    const found: string[] = [];
    for (const item of splitList(text)) {
      const origin = parseOrigin(item);
      if (origin === undefined) {
        context.addIssue({
          code: 'custom',
          message: 'must be exact origins, such as https://images.example:8443',
        });
        return z.NEVER;
      }
      found.push(origin);
    }
    return found;
  });
}

/** Where embedded state lives. The default is `.atelier` below the working directory. */
export function dataDir() {
  return z.string().default('.atelier');
}

function splitList(text: string): string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

function parseOrigin(text: string): string | undefined {
  const url = URL.parse(text);
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) return undefined;
  const isBare = url.pathname === '/' && url.search === '' && url.hash === '' && !text.endsWith('?');
  const isPlain = url.username === '' && url.password === '' && !url.hostname.includes('*');
  return isBare && isPlain ? url.origin : undefined;
}
