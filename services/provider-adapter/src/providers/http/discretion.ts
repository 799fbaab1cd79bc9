import type { JsonValue } from '@bufbuild/protobuf';
import { ProviderFailure } from '../provider.ts';
import type { Credential } from './wire-request.ts';

/** So much of a text is looked for, in characters: vendors that quote one may cut it. */
const HEAD = 40;

/** Takes what the caller wrote and our credentials out of a failure, since a vendor's words may quote either. */
export function discreet(
  failure: ProviderFailure,
  body: JsonValue,
  credentials: Readonly<Record<string, Credential>> = {},
): ProviderFailure {
  const secrets = Object.values(credentials).map(({ secret }) => secret.reveal());
  const hidden = [...secrets, ...texts(body)].reduce(without, failure.message);
  if (hidden === failure.message) return failure;
  const { failureClass, retryAfterMs, isNotSent } = failure;
  // The cause may quote it as well.
  return new ProviderFailure(failureClass, hidden, {
    isNotSent,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  });
}

function without(message: string, text: string): string {
  const head = text.slice(0, HEAD);
  const start = head === '' ? -1 : message.indexOf(head);
  if (start < 0) return message;
  let end = head.length;
  while (end < text.length && text[end] === message[start + end]) end += 1;
  return without(`${message.slice(0, start)}[…]${message.slice(start + end)}`, text);
}

/** The texts of a body that somebody wrote: those with a space in them. Messages have theirs in one line. */
function texts(value: JsonValue): string[] {
  if (typeof value === 'string') return /\s/.test(value.trim()) ? [value.replace(/\s+/g, ' ').trim()] : [];
  if (typeof value !== 'object' || value === null) return [];
  return (Array.isArray(value) ? value : Object.values(value)).flatMap(texts);
}
