import { openRedis, RedisLimits } from '@atelier/coordination';
import type { Usage } from '@atelier/protos/atelier/common/v1/money_pb.ts';
import { describeWith, programs, startRedis } from '@atelier/testing';
import { expect, test } from '@jest/globals';
import { never, request } from '../world.ts';
import { good, type Stage } from './stage.ts';

/** What keeps a driver within its bounds: callers that leave, instances, and replicas. */
export function testBounds(stage: Stage): void {
  const { subject } = stage;
  test('a caller that leaves ends the request at the vendor', async () => {
    const server = await stage.start({ kind: 'hang' });
    const left = new AbortController();
    const asking = stage.opened(server).model.ask(request(), left.signal);
    await server.asked(1);
    left.abort(new Error('left'));
    await expect(asking).rejects.toThrow('left');
    await server.abandoned(1);
    expect(server.asks).toHaveLength(1);
  });

  test('a caller that leaves ends the wait for a place', async () => {
    const server = await stage.start({ kind: 'hang' });
    const { model } = stage.opened(server, { CONCURRENCY: '1' });
    const [first, second] = [new AbortController(), new AbortController()];
    const inside = model.ask(request(), first.signal);
    await server.asked(1);
    const waiting = model.ask(request(), second.signal);
    second.abort(new Error('left the line'));
    await expect(waiting).rejects.toThrow('left the line');
    first.abort(new Error('left'));
    await expect(inside).rejects.toThrow('left');
    expect(server.asks).toHaveLength(1);
  });

  test('a caller that leaves is told what may be billed: what had left, and what had failed before', async () => {
    const server = await stage.start({ kind: 'drop' }, { kind: 'hang' });
    const { model } = stage.opened(server, { CONCURRENCY: '1', PRICE_INPUT: '1', PRICE_OUTPUT: '4' });
    const [first, second] = [new AbortController(), new AbortController()];
    const told: Usage[][] = [];
    const tell = (usage: readonly Usage[]) => void told.push([...usage]);
    const inside = model.ask(request(), first.signal, tell);
    await server.asked(2);
    const waiting = model.ask(request(), second.signal, tell);
    second.abort(new Error('left the line'));
    await expect(waiting).rejects.toThrow('left the line');
    expect(told).toEqual([[]]);
    first.abort(new Error('left'));
    await expect(inside).rejects.toThrow('left');
    const cost = told[1]?.reduce((sum, usage) => sum + (usage.cost?.microUsd ?? 0n), 0n) ?? 0n;
    expect(cost).toBe(2n * (model.estimate(request()).microUsd ?? 0n));
  });

  test('two instances side by side have keys, addresses and models of their own', async () => {
    const one = await stage.start(good);
    const other = await stage.play(() => good, 'another-key');
    const first = stage.opened(one, {}, { name: 'ONE' });
    const second = stage.opened(other, { API_KEY: 'another-key' }, { name: 'OTHER' });
    const [{ usage: ones }, { usage: others }] = await Promise.all([
      first.model.ask(request(), never),
      second.model.ask(request(), never),
    ]);
    expect([ones[0]?.model, others[0]?.model]).toEqual([
      `judges/one@${subject.model}`,
      `judges/other@${subject.model}`,
    ]);
    expect([one.asks, other.asks].map(({ length }) => length)).toEqual([1, 1]);
    expect([one.objections, other.objections]).toEqual([[], []]);
  });

  describeWith(programs.redis, `${subject.type} with Redis`, () => {
    test('replicas keep one bound together', async () => {
      await using redis = await startRedis();
      await using one = openRedis(redis.url, () => {});
      await using other = openRedis(redis.url, () => {});
      const bounds = [one, other].map((connections) => new RedisLimits(connections, 'evaluator', 10_000));
      let inside = 0;
      let most = 0;
      const both = Promise.withResolvers<void>();
      const server = await stage.play(async () => {
        inside += 1;
        most = Math.max(most, inside);
        // The first two wait for each other, so that the bound is reached.
        if (inside === 2) both.resolve();
        await both.promise;
        await new Promise(setImmediate);
        inside -= 1;
        return good;
      });
      const replicas = bounds.map((limits) => stage.opened(server, { CONCURRENCY: '2' }, { limits }));
      await Promise.all(
        Array.from({ length: 12 }, (_, index) => replicas[index % 2]?.model.ask(request(), never)),
      );
      expect(server.asks).toHaveLength(12);
      expect(most).toBe(2);
    });
  });
}
