import { createHash } from 'node:crypto';
import { invalidArgument } from '@atelier/rpc';

/** What a page token holds: where the next page begins. */
export interface PagePosition {
  /** Key of the last item that was given. */
  readonly key: string;
  /** Token of the page of storage in which that item was found; empty for the first. */
  readonly storageToken?: string | undefined;
}

interface Token {
  readonly k: string;
  readonly f: string;
  readonly s?: string;
}

/** A token for the position in the list with these filters. Opaque to callers. */
export function encodePageToken({ key, storageToken }: PagePosition, filters: readonly unknown[]): string {
  const token: Token = {
    k: key,
    f: fingerprint(filters),
    ...(storageToken !== undefined && storageToken !== '' && { s: storageToken }),
  };
  return Buffer.from(JSON.stringify(token)).toString('base64url');
}

/**
 * The position in a token; undefined for the empty one. Throws INVALID_ARGUMENT (INVALID_PAGE_TOKEN) for a token that is
 * not of this list, or of this list with other filters.
 */
export function decodePageToken(text: string, filters: readonly unknown[]): PagePosition | undefined {
  if (text === '') return undefined;
  const token = parse(text);
  if (token === undefined || token.f !== fingerprint(filters)) {
    throw invalidArgument('page_token', 'is not of this list with these filters', {
      reason: 'INVALID_PAGE_TOKEN',
    });
  }
  return { key: token.k, storageToken: token.s };
}

function parse(text: string): Token | undefined {
  try {
    const value = JSON.parse(Buffer.from(text, 'base64url').toString()) as Partial<Token> | null;
    if (typeof value?.k !== 'string' || typeof value.f !== 'string') return undefined;
    return value.s === undefined || typeof value.s === 'string' ? (value as Token) : undefined;
  } catch {
    return undefined;
  }
}

function fingerprint(filters: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(filters)).digest('base64url').slice(0, 8);
}
