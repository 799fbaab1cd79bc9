import { createLogger } from '@atelier/observability';
import { FailureClass } from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { ProviderFailure } from '../providers/provider.ts';
import { Breaker } from './breaker.ts';

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate'] });
});

afterEach(() => {
  jest.useRealTimers();
});

const breaker = () => new Breaker('vendor', createLogger({ service: 'test', level: 'silent' }));

/** Has so many requests fail in this way. */
async function fail(subject: Breaker, times: number, failureClass: FailureClass): Promise<unknown[]> {
  const thrown: unknown[] = [];
  for (let time = 0; time < times; time += 1) {
    const work = async () => {
      throw new ProviderFailure(failureClass, 'no');
    };
    thrown.push(await subject.run(work).catch((error: unknown) => error));
  }
  return thrown;
}

const ok = async () => 'ok';

test('after five failures in a row nothing is sent, until one request has tried it again', async () => {
  const subject = breaker();
  const thrown = await fail(subject, 5, FailureClass.UNAVAILABLE);
  expect(thrown.every((error) => error instanceof ProviderFailure && !error.isNotSent)).toBe(true);
  await expect(subject.run(ok)).rejects.toMatchObject({
    failureClass: FailureClass.UNAVAILABLE,
    isNotSent: true,
    retryAfterMs: 10_000,
  });
  jest.setSystemTime(Date.now() + 10_001);
  await fail(subject, 1, FailureClass.UNKNOWN_OUTCOME);
  await expect(subject.run(ok)).rejects.toMatchObject({ isNotSent: true });
  jest.setSystemTime(Date.now() + 10_001);
  expect(await subject.run(ok)).toBe('ok');
  expect(await subject.run(ok)).toBe('ok');
});

test('a success in between, and failures that are about the request, do not count', async () => {
  const subject = breaker();
  await fail(subject, 4, FailureClass.UNAVAILABLE);
  expect(await subject.run(ok)).toBe('ok');
  await fail(subject, 4, FailureClass.UNAVAILABLE);
  await fail(subject, 20, FailureClass.INVALID_REQUEST);
  await fail(subject, 20, FailureClass.RATE_LIMITED);
  expect(await subject.run(ok)).toBe('ok');
});

test('a job that was taken says that the provider is well, long before it ends', async () => {
  const subject = breaker();
  await fail(subject, 5, FailureClass.UNAVAILABLE);
  jest.setSystemTime(Date.now() + 10_001);
  const ended = Promise.withResolvers<string>();
  const trial = subject.run((isWell) => {
    isWell();
    return ended.promise;
  });
  expect(await subject.run(ok)).toBe('ok');
  ended.resolve('late');
  expect(await trial).toBe('late');
});
