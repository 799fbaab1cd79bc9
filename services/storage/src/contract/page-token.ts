import { createHash } from 'node:crypto';
import { invalidArgument } from '@atelier/rpc';

/** What a token says: the sort key of the last line that was given, and for which list it is good. */
interface TokenContent {
  readonly k: readonly string[];
  readonly f: string;
}

/**
 * Makes the token of the next page. It names the last line that was given, so that pages stay stable while lines are
 * added, and a digest of the filters, so that it is refused by any other list.
 */
export function pageToken(lastKey: readonly string[], filters: unknown): string {
  const content: TokenContent = { k: lastKey, f: digest(filters) };
  return Buffer.from(JSON.stringify(content)).toString('base64url');
}

/**
 * Reads a token: the key after which to go on, undefined for the first page. Throws INVALID_ARGUMENT
 * (INVALID_PAGE_TOKEN) for one that was not made by this list with these filters.
 */
export function readPageToken(token: string, filters: unknown, parts: number): readonly string[] | undefined {
  if (token === '') return undefined;
  const content = parse(token);
  const isKey = Array.isArray(content?.k) && content.k.every((part) => typeof part === 'string');
  if (content !== undefined && isKey && content.k.length === parts && content.f === digest(filters))
    return content.k;
  throw invalidArgument('page_token', 'was not made by this list with these filters', {
    reason: 'INVALID_PAGE_TOKEN',
  });
}

function parse(token: string): TokenContent | undefined {
  try {
    return JSON.parse(Buffer.from(token, 'base64url').toString()) as TokenContent;
  } catch {
    return undefined;
  }
}

/** 72 bits: enough to tell lists apart by chance, and it need not resist an attack, since filters are checked anyway. */
function digest(filters: unknown): string {
  const text = JSON.stringify(filters, (_, value) => (typeof value === 'bigint' ? String(value) : value));
  return createHash('sha256').update(text).digest('base64url').slice(0, 12);
}
