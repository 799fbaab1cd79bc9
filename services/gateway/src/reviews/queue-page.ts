import { createHash } from 'node:crypto';
import { Outcome } from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import { invalidArgument } from '@atelier/rpc';

/** Where a page of the queue begins: which of the groups, and where in it. */
export interface QueuePosition {
  readonly group: number;
  /** Token of storage within the group; empty for its beginning. */
  readonly token: string;
}

const START: QueuePosition = { group: 0, token: '' };

/** Outcomes that wait for a person where the caller names none. */
const DEFAULT_OUTCOMES: readonly Outcome[] = [Outcome.NEEDS_REVIEW, Outcome.EXHAUSTED];

/** The outcomes in the groups in which the queue shows them: what needs a person first, then the rest. */
export function queueGroups(outcomes: readonly Outcome[]): readonly (readonly Outcome[])[] {
  const asked = outcomes.filter((outcome) => outcome !== Outcome.UNSPECIFIED);
  const all = asked.length === 0 ? DEFAULT_OUTCOMES : asked;
  const first = all.filter((outcome) => outcome === Outcome.NEEDS_REVIEW).slice(0, 1);
  const rest = [...new Set(all.filter((outcome) => outcome !== Outcome.NEEDS_REVIEW))].sort((a, b) => a - b);
  return [first, rest].filter((group) => group.length > 0);
}

/** A token for a position in the queue with these filters. */
export function encodeQueueToken({ group, token }: QueuePosition, filters: readonly unknown[]): string {
  return Buffer.from(JSON.stringify({ g: group, t: token, f: fingerprint(filters) })).toString('base64url');
}

/** The position in a token. Throws INVALID_ARGUMENT (INVALID_PAGE_TOKEN) for one that is not of this queue. */
export function decodeQueueToken(text: string, filters: readonly unknown[]): QueuePosition {
  if (text === '') return START;
  const { g, t, f } = parse(text);
  if (typeof g === 'number' && typeof t === 'string' && f === fingerprint(filters)) {
    return { group: g, token: t };
  }
  throw invalidArgument('page_token', 'is not of this queue with these filters', {
    reason: 'INVALID_PAGE_TOKEN',
  });
}

function parse(text: string): { readonly g?: unknown; readonly t?: unknown; readonly f?: unknown } {
  try {
    return (JSON.parse(Buffer.from(text, 'base64url').toString()) as object | null) ?? {};
  } catch {
    return {};
  }
}

function fingerprint(filters: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(filters)).digest('base64url').slice(0, 8);
}
