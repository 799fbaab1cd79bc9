import { invalidArgument, isRpcError } from '@atelier/rpc';
import { expect, test } from '@jest/globals';
import { prefixed, rebaseError } from './rebase-error.ts';

test('fields and the message name what the caller knows', () => {
  const error = invalidArgument([
    { field: 'brief.variables["item"]', description: 'holds $& and is required' },
    { field: 'target', description: 'is unknown' },
  ]);
  const rebased = rebaseError(error, prefixed('generation', 'brief'));
  if (!isRpcError(rebased)) throw new Error('no error of the wire');
  expect(rebased.message).toBe(
    'generation.brief.variables["item"]: holds $& and is required; target: is unknown',
  );
  expect(rebased.fieldViolations.map(({ field }) => field)).toEqual([
    'generation.brief.variables["item"]',
    'target',
  ]);
});
