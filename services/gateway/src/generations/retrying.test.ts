import {
  aborted,
  internal,
  invalidArgument,
  overloaded,
  type RpcError,
  resourceExhausted,
  unavailable,
} from '@atelier/rpc';
import { describe, expect, test } from '@jest/globals';
import { failureKind, pauseMs, retrying } from './retrying.ts';

const never = new AbortController().signal;

/** Runs a step that fails so before it answers; gives the answer, and how often it paused and went on. */
async function run(failures: readonly Error[], signal = never) {
  let attempt = 0;
  const told = { paused: [] as unknown[], resumed: 0 };
  const step = async () => {
    const failure = failures[attempt];
    attempt += 1;
    if (failure !== undefined) throw failure;
    return attempt;
  };
  const answer = await retrying(step, {
    signal,
    initialMs: 1,
    maxMs: 2,
    onPause: (error) => told.paused.push(error),
    onResume: () => {
      told.resumed += 1;
    },
  });
  return { answer, ...told };
}

test.each<[string, RpcError, string]>([
  ['full', overloaded(), 'away'],
  ['away', unavailable('gone'), 'away'],
  ['over the rate of a vendor', resourceExhausted('often', { reason: 'RATE_LIMITED' }), 'away'],
  ['over a budget', resourceExhausted('spent', { reason: 'BUDGET_EXCEEDED' }), 'answer'],
  ['a lost race', aborted('lost'), 'doubtful'],
  ['a fault', internal('broken'), 'doubtful'],
  ['a refusal', invalidArgument('image', 'is none'), 'answer'],
])('what is %s', (_, error, kind) => {
  expect(failureKind(error)).toBe(kind);
});

describe('the wait', () => {
  test('is as long as the service asks, at least', () => {
    expect(pauseMs(200, overloaded('full', 3_000), 0)).toBe(3_000);
    expect(pauseMs(200, overloaded('full', 3_000), 1)).toBe(4_500);
  });

  test('is the own backoff where that is longer, or nothing is asked', () => {
    expect(pauseMs(5_000, overloaded('full', 100), 0)).toBe(5_000);
    expect(pauseMs(400, unavailable('gone'), 0.5)).toBe(500);
  });

  test('is a minute and a half at most, whatever is asked', () => {
    expect(pauseMs(200, overloaded('full', 86_400_000), 1)).toBe(90_000);
  });
});

test('a step waits however often its service is full, and says when it goes on', async () => {
  const failures = Array.from({ length: 12 }, () => overloaded('full', 1));
  expect(await run(failures)).toEqual({ answer: 13, paused: failures, resumed: 1 });
});

test('a fault is tried again five times', async () => {
  const faults = Array.from({ length: 6 }, () => internal('broken'));
  expect((await run(faults.slice(0, 5))).answer).toBe(6);
  await expect(run(faults)).rejects.toBe(faults[5]);
});

test('an answer is not tried again', async () => {
  const refusal = invalidArgument('image', 'is none');
  await expect(run([refusal])).rejects.toBe(refusal);
});

test('who stops a step ends its wait', async () => {
  const stop = new AbortController();
  const waiting = run([overloaded('full', 60_000)], stop.signal);
  stop.abort(new Error('stopped'));
  await expect(waiting).rejects.toThrow('stopped');
});
