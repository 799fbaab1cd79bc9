import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openRedis } from '@atelier/coordination';
import { Code } from '@atelier/rpc';
import { describeWith, programs, startRedis, type TestRedis } from '@atelier/testing';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { Spool } from '../../src/spool/spool.ts';
import { RedisJournal } from '../../src/submit/journal/redis.ts';
import { testJournal } from './conformance.ts';

describeWith(programs.redis, 'the journal in Redis', () => {
  let server: TestRedis;
  let directory: string;
  let stack: AsyncDisposableStack;

  beforeAll(async () => {
    server = await startRedis();
  });

  afterAll(async () => {
    await server[Symbol.asyncDispose]();
  });

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'journal-'));
    stack = new AsyncDisposableStack();
    const redis = openRedis(server.url, () => {});
    await redis.commands.flushall();
    await redis[Symbol.asyncDispose]();
  });

  afterEach(async () => {
    await stack.disposeAsync();
    await rm(directory, { recursive: true });
  });

  /** A journal of a replica of its own. Its leases outlast any test, unless it is told otherwise. */
  const open = (leaseMs = 600_000) => {
    const redis = stack.use(openRedis(server.url, () => {}));
    const options = { redis, directory: join(directory, 'answers'), lifetimeMs: 60_000, leaseMs };
    return stack.use(new RedisJournal(options));
  };

  testJournal(() => ({ open, directory: join(directory, 'spool') }));

  test('one replica has a lease at a time, and the next is told when it is free', async () => {
    const [one, other] = [open(), open()];
    const lease = await one.lease('g1');
    expect(lease).toBeDefined();
    expect(await other.lease('g1')).toBeUndefined();
    expect(await other.lease('g2')).toBeDefined();
    // Released until the other hears of it: its subscription may come about a little later.
    const told = other.changed('g1', new AbortController().signal).then(() => true);
    for (let isTold = false; !isTold; ) {
      await lease?.release();
      isTold = await Promise.race([told, new Promise<false>((resolve) => setImmediate(resolve, false))]);
    }
    expect(await other.lease('g1')).toBeDefined();
  });

  test('a lease whose owner died runs out, and what the dead one still writes is refused', async () => {
    const dead = open(40);
    const lease = await dead.lease('g1');
    if (lease === undefined) throw new Error('the lease is taken');
    await dead.begin(lease, [{ id: 'g1', intent: { version: 1 } }]);
    // It renews nothing any more.
    await dead[Symbol.asyncDispose]();
    // It looks once a second.
    const heir = open(2_000);
    let inherited = await heir.lease('g1');
    while (inherited === undefined) {
      await heir.changed('g1', new AbortController().signal);
      inherited = await heir.lease('g1');
    }
    expect(() => lease.assertHeld()).toThrow(expect.objectContaining({ code: Code.ABORTED }));
    await expect(dead.accepted(lease, 'g1', 'late')).rejects.toMatchObject({ code: Code.ABORTED });
    await expect(dead.begin(lease, [{ id: 'g9', intent: {} }])).rejects.toMatchObject({ code: Code.ABORTED });
    expect(await heir.read('g1')).toMatchObject({ intent: { version: 1 }, jobId: undefined });
  });

  test('a lease that ran out is still good for writing while nobody else took it', async () => {
    const journal = open(30);
    const lease = await journal.lease('g1');
    if (lease === undefined) throw new Error('the lease is taken');
    await journal.begin(lease, [{ id: 'g1', intent: {} }]);
    const redis = stack.use(openRedis(server.url, () => {}));
    await redis.commands.del('atelier:adapter:lease:g1');
    await journal.accepted(lease, 'g1', 'job-1');
    expect(await journal.read('g1')).toMatchObject({ jobId: 'job-1' });
    expect(await open().lease('g1')).toBeUndefined();
  });

  test('what ended does not change any more', async () => {
    const journal = open();
    const lease = await journal.lease('g1');
    if (lease === undefined) throw new Error('the lease is taken');
    await journal.begin(lease, [{ id: 'g1', intent: {} }]);
    await journal.finish(lease, 'g1', { state: 1 });
    await expect(journal.finish(lease, 'g1', { state: 3 })).rejects.toMatchObject({ code: Code.ABORTED });
    expect((await journal.read('g1'))?.result).toEqual({ state: 1 });
  });

  test('a result that is written once more, since the answer was lost, is written', async () => {
    const journal = open();
    const lease = await journal.lease('g1');
    if (lease === undefined) throw new Error('the lease is taken');
    await journal.begin(lease, [{ id: 'g1', intent: {} }]);
    await journal.finish(lease, 'g1', { state: 1 });
    await journal.finish(lease, 'g1', { state: 1 });
    await lease.release();
    const later = await journal.lease('g1');
    expect(later).toBeDefined();
    await expect(journal.finish(lease, 'g1', { state: 1 })).rejects.toMatchObject({ code: Code.ABORTED });
  });

  test('another replica is told of a cancellation', async () => {
    const [journal, other] = [open(), open()];
    const lease = await journal.lease('g1');
    if (lease === undefined) throw new Error('the lease is taken');
    await journal.begin(lease, [{ id: 'g1', intent: {} }]);
    const told = new Promise<string>((resolve) => journal.onCancelRequest(resolve));
    const asked = async () => {
      await other.requestCancel('g1');
      return new Promise<undefined>((resolve) => setImmediate(resolve, undefined));
    };
    let id: string | undefined;
    while (id === undefined) id = await Promise.race([told, asked()]);
    expect(id).toBe('g1');
  });

  test('while Redis is away nothing is begun, and what happened is written once it is back', async () => {
    const journal = open();
    const lease = await journal.lease('g1');
    if (lease === undefined) throw new Error('the lease is taken');
    await journal.begin(lease, [{ id: 'g1', intent: { version: 1 } }]);
    await server.kill();
    await expect(journal.begin(lease, [{ id: 'g2', intent: {} }])).rejects.toMatchObject({
      code: Code.UNAVAILABLE,
      reason: 'SERVICE_UNREACHABLE',
    });
    await expect(journal.lease('g3')).rejects.toMatchObject({ code: Code.UNAVAILABLE });
    const claimed = journal.claimJob('g1', 'vendor/job-1', true);
    const written = journal.accepted(lease, 'g1', 'job-1');
    await server.restart();
    await written;
    expect(await claimed).toBe('certain');
    expect(await journal.read('g1')).toMatchObject({ intent: { version: 1 }, jobId: 'job-1' });
    expect(await journal.read('g2')).toBeUndefined();
  });

  test('who stops does not wait until Redis is back', async () => {
    const journal = open();
    const lease = await journal.lease('g1');
    if (lease === undefined) throw new Error('the lease is taken');
    await journal.begin(lease, [{ id: 'g1', intent: {} }]);
    await server.kill();
    const written = journal.accepted(lease, 'g1', 'job-1');
    journal.letGo();
    await expect(written).rejects.toMatchObject({ code: Code.UNAVAILABLE });
    await server.restart();
  });

  test('an entry that Redis lost is whole again once its owner writes', async () => {
    const journal = open();
    const lease = await journal.lease('g1');
    if (lease === undefined) throw new Error('the lease is taken');
    await journal.begin(lease, [{ id: 'g1', intent: { version: 1 } }]);
    await stack.use(openRedis(server.url, () => {})).commands.flushall();
    await journal.accepted(lease, 'g1', 'job-1');
    expect(await open().read('g1')).toMatchObject({ intent: { version: 1 }, jobId: 'job-1' });
  });

  test('images that nobody will ask for are forgotten', async () => {
    const journal = open();
    const lease = await journal.lease('g1');
    if (lease === undefined) throw new Error('the lease is taken');
    await journal.begin(lease, [{ id: 'g1', intent: {} }]);
    await using spool = new Spool(join(directory, 'spool'));
    await journal.answered(lease, 'g1', {}, await spool.write(Buffer.from('pixels')));
    expect(await journal.forget(new Date(0))).toBe(0);
    expect(await journal.spooled('g1')).toBeDefined();
    expect(await journal.forget(new Date(Date.now() + 60_000))).toBe(1);
    expect(await journal.spooled('g1')).toBeUndefined();
  });
});
