import { expect, test } from '@jest/globals';
import { patienceOf } from './patience.ts';

const { signal } = new AbortController();

test('without a deadline judges are waited for as long as the caller waits', () => {
  expect(patienceOf({ signal, deadline: undefined })).toBe(signal);
});

test('ends with the caller', () => {
  const caller = new AbortController();
  const patience = patienceOf({ signal: caller.signal, deadline: new Date(Date.now() + 60_000) });
  expect(patience.aborted).toBe(false);
  caller.abort();
  expect(patience.aborted).toBe(true);
});

test.each([0, 1, 200, 10_000, 2 ** 40])('any deadline will do: %i ms from now', (left) => {
  const now = Date.now();
  expect(patienceOf({ signal, deadline: new Date(now + left) }, now).aborted).toBe(false);
});

test('a deadline that is over leaves no patience', async () => {
  const patience = patienceOf({ signal, deadline: new Date(0) });
  await new Promise((resolve) => patience.addEventListener('abort', resolve, { once: true }));
  expect(patience.aborted).toBe(true);
});
