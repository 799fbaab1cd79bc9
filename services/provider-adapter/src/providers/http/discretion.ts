import type { JsonValue } from '@bufbuild/protobuf';
import { ProviderFailure } from '../provider.ts';
import type { Credential } from './wire-request.ts';

/** So much of a text is looked for, in characters: vendors that quote one may cut it. */
const HEAD = 40;

/** Fields of native bodies that hold what the caller wrote, be it a single word. */
const WRITTEN = /prompt|^inputs$|^text$/i;

/** Shorter words are part of too many others to be taken out, in characters. */
const SHORTEST = 3;

/** What stands for a text that was taken out. */
const HIDDEN = '[…]';

/** Takes what the caller wrote and our credentials out of a failure, since a vendor's words may quote either. */
export function discreet(
  failure: ProviderFailure,
  body: JsonValue,
  credentials: Readonly<Record<string, Credential>> = {},
): ProviderFailure {
  const secrets = Object.values(credentials).map(({ secret }) => secret.reveal());
  const hidden = withoutTexts(secrets.reduce(without, failure.message), body);
  if (hidden === failure.message) return failure;
  const { failureClass, retryAfterMs, isNotSent } = failure;
  // The cause may quote it as well.
  return new ProviderFailure(failureClass, hidden, {
    isNotSent,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  });
}

/**
 * What a vendor says about a body, without what the caller wrote in that body: prompts must not get into logs and errors, and
 * words of theirs must not be taken for the vendor's.
 */
export function withoutTexts(said: string, body: JsonValue): string {
  return texts(body)
    .toSorted((one, other) => other.length - one.length)
    .reduce(without, said.replace(/\s+/g, ' '));
}

function without(message: string, text: string): string {
  const head = text.slice(0, HEAD);
  const start = head === '' ? -1 : message.indexOf(head);
  if (start < 0) return message;
  let end = head.length;
  while (end < text.length && text[end] === message[start + end]) end += 1;
  return without(`${message.slice(0, start)}${HIDDEN}${message.slice(start + end)}`, text);
}

/** The texts of a body that somebody wrote: prompts, and whatever has a space in it, in one line as messages have theirs. */
function texts(value: JsonValue, key = ''): string[] {
  if (typeof value === 'string') {
    const text = value.replace(/\s+/g, ' ').trim();
    const isWritten = WRITTEN.test(key) ? text.length >= SHORTEST : text.includes(' ');
    return isWritten ? [text] : [];
  }
  if (Array.isArray(value)) return value.flatMap((item) => texts(item, key));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, item]) => texts(item, name));
}
