import { Outcome } from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import { isRpcError } from '@atelier/rpc';
import { expect, test } from '@jest/globals';
import { decodeQueueToken, encodeQueueToken, queueGroups } from './queue-page.ts';

test.each([
  ['nothing', [], [[Outcome.NEEDS_REVIEW], [Outcome.EXHAUSTED]]],
  [
    'the rest in any order',
    [Outcome.FAILED, Outcome.EXHAUSTED, Outcome.EXHAUSTED],
    [[Outcome.EXHAUSTED, Outcome.FAILED]],
  ],
  [
    'what needs review last',
    [Outcome.UNJUDGED, Outcome.NEEDS_REVIEW],
    [[Outcome.NEEDS_REVIEW], [Outcome.UNJUDGED]],
  ],
  ['no outcome at all', [Outcome.UNSPECIFIED], [[Outcome.NEEDS_REVIEW], [Outcome.EXHAUSTED]]],
])('asked for %s, what needs a person comes first', (_what, asked, groups) => {
  expect(queueGroups(asked)).toEqual(groups);
});

test('a token is good for the queue that it was made for', () => {
  const filters = ['queue', 'teams/a', 'projects/p'];
  const position = { group: 1, token: 'abc' };
  const token = encodeQueueToken(position, filters);
  expect(decodeQueueToken(token, filters)).toEqual(position);
  expect(decodeQueueToken('', filters)).toEqual({ group: 0, token: '' });
  const wrong = [token.slice(1), 'bm90IGpzb24', Buffer.from('null').toString('base64url'), '%%%'];
  const attempts = [...wrong.map((text) => [text, filters] as const), [token, ['queue', 'teams/b']] as const];
  for (const [text, given] of attempts) {
    let reason = 'none';
    try {
      decodeQueueToken(text, given);
    } catch (error) {
      reason = isRpcError(error) ? error.reason : 'other';
    }
    expect(reason).toBe('INVALID_PAGE_TOKEN');
  }
});
