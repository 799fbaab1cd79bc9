import { Code } from '@atelier/rpc';
import { describeWith, programs, startRedis, type TestRedis } from '@atelier/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Bounded } from '../../src/limits/call-limits.ts';
import { LocalLimits } from '../../src/limits/local.ts';
import { RedisLimits } from '../../src/limits/redis.ts';
import { openRedis } from '../../src/redis.ts';
import { testLimits } from './conformance.ts';

const never = new AbortController().signal;

describe('bounds of one process', () => {
  testLimits(() => new LocalLimits());
});

describeWith(programs.redis, 'bounds of all replicas', () => {
  let server: TestRedis;
  let stack: AsyncDisposableStack;

  beforeAll(async () => {
    server = await startRedis();
  });

  beforeEach(async () => {
    stack = new AsyncDisposableStack();
    await stack.use(openRedis(server.url, () => {})).commands.flushall();
  });

  afterEach(async () => {
    await stack.disposeAsync();
  });

  afterAll(async () => {
    await server[Symbol.asyncDispose]();
  });

  const open = (lifetimeMs = 600_000) =>
    stack.use(new RedisLimits(stack.use(openRedis(server.url, () => {})), 'test', lifetimeMs));

  testLimits(open);

  test('replicas share the places', async () => {
    const provider: Bounded = { name: 'shared', concurrency: 3 };
    const replicas = [open(), open()];
    let inside = 0;
    let most = 0;
    const work = async () => {
      inside += 1;
      most = Math.max(most, inside);
      await new Promise((resolve) => setTimeout(resolve, 1));
      inside -= 1;
    };
    const all = Array.from({ length: 20 }, (_, index) => replicas[index % 2]?.within(provider, never, work));
    await Promise.all(all);
    expect([inside, most]).toEqual([0, 3]);
  });

  test('what works in the process itself has places in each', async () => {
    const provider: Bounded = { name: 'own', concurrency: 1, isInProcess: true };
    const [one, other] = [open(), open()];
    const ended = Promise.withResolvers<void>();
    const running = one.within(provider, never, () => ended.promise);
    expect(await other.within(provider, never, async () => 'in')).toBe('in');
    ended.resolve();
    await running;
  });

  test('the place of a process that died is free after a while', async () => {
    const provider: Bounded = { name: 'died', concurrency: 1 };
    const redis = openRedis(server.url, () => {});
    const begun = Promise.withResolvers<void>();
    const dead = new RedisLimits(redis, 'test', 50);
    dead
      .within(provider, never, () => {
        begun.resolve();
        return new Promise(() => {});
      })
      .catch(() => {});
    await begun.promise;
    await redis[Symbol.asyncDispose]();
    expect(await open().within(provider, never, async () => 'in')).toBe('in');
  });

  test('a pause of less than a second ends, long before the period of the rate does', async () => {
    const limits = open();
    const provider: Bounded = { name: 'short', concurrency: 1, rate: { requests: 9, seconds: 600 } };
    const { commands } = stack.use(openRedis(server.url, () => {}));
    limits.pause(provider, 200);
    let left = -2;
    while (left === -2) left = await commands.pttl('atelier:test:rate:short');
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThanOrEqual(1_000);
  });

  test('while Redis is away nothing goes in, and rates hold nothing up', async () => {
    const limits = open();
    const provider: Bounded = { name: 'away', concurrency: 1, rate: { requests: 1, seconds: 600 } };
    await limits.pace(provider, never);
    await server.kill();
    await expect(limits.within(provider, never, async () => 'in')).rejects.toMatchObject({
      code: Code.UNAVAILABLE,
    });
    await limits.pace(provider, never);
    await server.restart();
    expect(await limits.within(provider, never, async () => 'in')).toBe('in');
  });
});
