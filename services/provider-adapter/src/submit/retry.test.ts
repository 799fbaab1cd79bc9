import { FailureClass } from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import { expect, test } from '@jest/globals';
import { ProviderFailure } from '../providers/provider.ts';
import { withRetries } from './retry.ts';

const failure = (failureClass: FailureClass, options = {}) =>
  new ProviderFailure(failureClass, 'no', options);
const limited = (retryAfterMs?: number) =>
  failure(FailureClass.RATE_LIMITED, retryAfterMs === undefined ? {} : { retryAfterMs });
const notSent = () => failure(FailureClass.UNAVAILABLE, { isNotSent: true });

/** Runs work that fails in these ways, one after another, and then succeeds. */
async function run(failures: readonly Error[], signal = new AbortController().signal) {
  const pauses: number[] = [];
  let calls = 0;
  const work = async () => {
    const error = failures[calls];
    calls += 1;
    if (error !== undefined) throw error;
    return 'done';
  };
  const options = {
    signal,
    random: () => 0.01,
    onPause: (_: unknown, pause: number) => void pauses.push(pause),
    turn: async () => {},
  };
  const ended = await withRetries(work, options).catch((error: unknown) => error);
  return { ended, calls, pauses };
}

test('what surely did not leave is sent up to three times', async () => {
  expect(await run([notSent(), notSent()])).toEqual({ ended: 'done', calls: 3, pauses: [5, 10] });
  const last = notSent();
  expect(await run([notSent(), notSent(), last])).toMatchObject({ ended: last, calls: 3 });
});

test('a rate limit is waited for as the provider asks, up to five times', async () => {
  expect(await run([limited(3), limited(), limited(0), limited(1)])).toEqual({
    ended: 'done',
    calls: 5,
    pauses: [3, 10, 0, 1],
  });
  expect((await run(Array.from({ length: 5 }, () => limited(0)))).calls).toBe(5);
});

test('who asks for more than a minute is not waited for', async () => {
  expect(await run([limited(60_001)])).toMatchObject({ calls: 1, pauses: [] });
});

test.each([
  FailureClass.UNKNOWN_OUTCOME,
  FailureClass.UNAVAILABLE,
  FailureClass.TIMEOUT,
  FailureClass.BAD_ANSWER,
  FailureClass.INVALID_REQUEST,
  FailureClass.AUTH,
  FailureClass.ACCOUNT,
  FailureClass.INTERNAL,
])('class %i is never sent again', async (failureClass) => {
  expect(await run([failure(failureClass)])).toMatchObject({ calls: 1, pauses: [] });
});

test('an end of the signal ends the pause, and the last failure is how it ended', async () => {
  const control = new AbortController();
  const last = limited(60_000);
  const running = run([last], control.signal);
  setImmediate(() => control.abort(new Error('cancelled')));
  expect(await running).toMatchObject({ ended: last, calls: 1 });
});
