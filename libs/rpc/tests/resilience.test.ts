import { setImmediate } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { serviceConfig } from '../src/client/service-config.ts';
import { Channel, Code, maxConnectionAge, notFound, overloaded, unavailable } from '../src/index.ts';
import { EchoService } from './gen/atelier/rpctest/v1/echo_service_pb.ts';
import { all, connectEcho, principal, rejection, startEcho } from './mesh.ts';

describe('retries', () => {
  test.each([
    ['echo', 3],
    ['put', 3],
    ['create', 1],
  ] as const)('%s is tried %d times', async (method, attempts) => {
    let calls = 0;
    const fail = async () => {
      calls += 1;
      throw unavailable('not now', { reason: 'OVERLOADED', retryAfterMs: 1 });
    };
    await using server = await startEcho({ echo: fail, put: fail, create: fail });
    using echo = connectEcho(server.address);
    expect(await rejection(echo.client[method]({}, { principal }))).toMatchObject({ code: Code.UNAVAILABLE });
    expect(calls).toBe(attempts);
  });

  test('other codes are never tried again', async () => {
    let calls = 0;
    await using server = await startEcho({
      echo: async () => {
        calls += 1;
        throw new Error('broken');
      },
    });
    using echo = connectEcho(server.address);
    await rejection(echo.client.echo({}, { principal }));
    expect(calls).toBe(1);
  });

  test('a stream that failed before its first response is tried again, later never', async () => {
    let calls = 0;
    await using server = await startEcho({
      async *repeat(request) {
        calls += 1;
        if (request.text === 'late') yield { index: 1 };
        if (calls < 3) throw unavailable('not now', { retryAfterMs: 1 });
        yield { index: 2 };
      },
    });
    using echo = connectEcho(server.address);
    expect(
      (await all(echo.client.repeat({ text: 'early' }, { principal }))).map(({ index }) => index),
    ).toEqual([2]);
    calls = 0;
    expect(await rejection(all(echo.client.repeat({ text: 'late' }, { principal })))).toMatchObject({
      code: Code.UNAVAILABLE,
    });
    expect(calls).toBe(1);
  });

  test('what was retried one hop further on is not retried again', async () => {
    let calls = 0;
    await using far = await startEcho({
      echo: async () => {
        calls += 1;
        throw unavailable('not now', { retryAfterMs: 1 });
      },
    });
    using toFar = connectEcho(far.address);
    await using near = await startEcho({
      echo: async (request, context) => toFar.client.echo(request, context).then(() => ({})),
    });
    using toNear = connectEcho(near.address);
    expect(await rejection(toNear.client.echo({}, { principal }))).toMatchObject({ code: Code.UNAVAILABLE });
    expect(calls).toBe(3);
  });

  test('a pause longer than a caller should wait inside the call is left to the caller', async () => {
    let calls = 0;
    await using server = await startEcho({
      echo: async () => {
        calls += 1;
        throw unavailable('maintenance', { retryAfterMs: 60_000 });
      },
    });
    using echo = connectEcho(server.address);
    expect(await rejection(echo.client.echo({}, { principal }))).toMatchObject({ retryAfterMs: 60_000 });
    expect(calls).toBe(1);
  });
});

describe('several addresses', () => {
  async function replicas(count: number, work = async (): Promise<void> => undefined) {
    const calls = new Map<string, number>();
    const servers = await Promise.all(
      Array.from({ length: count }, (_, index) => {
        const name = `replica-${index}`;
        calls.set(name, 0);
        const answer = async ({ text }: { readonly text: string }) => {
          calls.set(name, (calls.get(name) ?? 0) + 1);
          await work();
          return { text, server: name };
        };
        return startEcho({ put: answer, create: answer }, { name });
      }),
    );
    return { servers, calls, target: servers.map(({ address }) => address).join(',') };
  }

  async function connected(client: ReturnType<typeof connectEcho>['client'], count: number): Promise<void> {
    const seen = new Set<string>();
    while (seen.size < count) seen.add((await client.put({}, { principal })).server);
  }

  test.each([false, true])('load spreads evenly (outlier detection: %s)', async (outlierDetection) => {
    const { servers, calls, target } = await replicas(3);
    await using stack = new AsyncDisposableStack();
    for (const server of servers) stack.use(server);
    using echo = connectEcho(target, { outlierDetection });
    await connected(echo.client, 3);
    for (const name of calls.keys()) calls.set(name, 0);
    await Promise.all(Array.from({ length: 300 }, () => echo.client.put({}, { principal })));
    for (const count of calls.values()) expect(count).toBe(100);
  });

  test('a replica that dies under load fails no idempotent call', async () => {
    const { servers, calls, target } = await replicas(3);
    await using stack = new AsyncDisposableStack();
    for (const server of servers) stack.use(server);
    using echo = connectEcho(target);
    await connected(echo.client, 3);
    let isDead = false;
    let left = 1_200;
    const caller = async () => {
      while (left > 0) {
        left -= 1;
        await echo.client.put({}, { principal });
        if (left < 800 && !isDead) {
          isDead = true;
          void servers[1]?.drain(0);
        }
      }
    };
    await Promise.all(Array.from({ length: 16 }, caller));
    expect(isDead).toBe(true);
    expect(calls.get('replica-0')).toBeGreaterThan(400);
    expect(calls.get('replica-2')).toBeGreaterThan(400);
  });

  test('a replica that fails fast is ejected', async () => {
    let refused = 0;
    const good = await startEcho({}, { name: 'good' });
    const bad = await startEcho(
      {
        create: async () => {
          refused += 1;
          throw new Error('broken disk');
        },
      },
      { name: 'bad' },
    );
    await using stack = new AsyncDisposableStack();
    stack.use(good);
    stack.use(bad);
    using echo = connectEcho(`${good.address},${bad.address}`, { outlierDetection: true });
    // The balancer looks once a second; until then every second call fails.
    let inARow = 0;
    for (let calls = 0; inARow < 200 && calls < 20_000; calls += 1) {
      inARow = await echo.client.create({}, { principal }).then(
        () => inARow + 1,
        () => 0,
      );
    }
    expect(inARow).toBe(200);
    expect(refused).toBeGreaterThan(0);
  });

  /** Calls for a few of the balancer's looks, which come once a second. */
  async function callForLong(call: () => Promise<unknown>): Promise<void> {
    for (const start = performance.now(); performance.now() - start < 3_500; ) {
      await Promise.all(Array.from({ length: 10 }, () => call().catch(() => undefined)));
    }
  }

  test.each([
    ['is full and says when to come again', () => overloaded()],
    ['passes on that another is away', () => unavailable('away', { retryAfterMs: 60_000 })],
    ['refuses what it was asked', () => notFound('There is no such thing.')],
  ])('a replica that %s stays', async (_, refusal) => {
    const { servers, calls, target } = await replicas(2, async () => {
      throw refusal();
    });
    await using stack = new AsyncDisposableStack();
    for (const server of servers) stack.use(server);
    using echo = connectEcho(target, { outlierDetection: true });
    const call = () => echo.client.create({}, { principal });
    await callForLong(call);
    for (const name of calls.keys()) calls.set(name, 0);
    for (let count = 0; count < 20; count += 1) await rejection(call());
    expect([...calls.values()]).toEqual([10, 10]);
  });

  test('where all are broken, most of them stay', async () => {
    const { servers, calls, target } = await replicas(3, async () => {
      throw new Error('broken disk');
    });
    await using stack = new AsyncDisposableStack();
    for (const server of servers) stack.use(server);
    using echo = connectEcho(target, { outlierDetection: true });
    const call = () => echo.client.create({}, { principal });
    await callForLong(call);
    for (const name of calls.keys()) calls.set(name, 0);
    for (let count = 0; count < 20; count += 1) await rejection(call());
    expect([...calls.values()].filter((count) => count > 0)).toHaveLength(2);
  });

  test('a replica that dies with hundreds of calls in its queue loses none of them', async () => {
    const held = Promise.withResolvers<void>();
    let work = Promise.resolve();
    const { servers, calls, target } = await replicas(3, () => work);
    await using stack = new AsyncDisposableStack();
    for (const server of servers) stack.use(server);
    using echo = connectEcho(target, { outlierDetection: true });
    await connected(echo.client, 3);
    for (const name of calls.keys()) calls.set(name, 0);
    work = held.promise;
    const all = Promise.all(
      Array.from({ length: 900 }, () => echo.client.put({}, { principal, timeoutMs: 60_000 })),
    );
    while ([...calls.values()].some((count) => count < 300)) await setImmediate();
    const dead = servers[1]?.drain(0);
    while ((calls.get('replica-0') ?? 0) + (calls.get('replica-2') ?? 0) < 900) await setImmediate();
    held.resolve();
    expect(await all).toHaveLength(900);
    await dead;
  });

  test('a dead service answers UNAVAILABLE with a reason at once, and is found again when it is back', async () => {
    const first = await startEcho();
    using echo = connectEcho(first.address);
    await echo.client.create({ text: 'a' }, { principal });
    await first.drain(0);
    expect(await rejection(echo.client.create({ text: 'b' }, { principal }))).toMatchObject({
      code: Code.UNAVAILABLE,
      reason: 'SERVICE_UNREACHABLE',
      metadata: { service: 'atelier.rpctest.v1.EchoService' },
    });
    await using second = await startEcho({}, { address: { host: '127.0.0.1', port: first.port } });
    expect(second.port).toBe(first.port);
    const waiting = await echo.client.create({ text: 'c' }, { principal, waitForReady: true });
    expect(waiting.text).toBe('c');
  });
});

describe('connections', () => {
  test('end at their age without a failed call', async () => {
    const peers = new Set<string>();
    await using server = await startEcho(
      {
        create: async (_, { peer }) => {
          peers.add(peer);
          return {};
        },
      },
      { maxConnectionAgeMs: 100 },
    );
    using echo = connectEcho(server.address);
    while (peers.size < 3) await echo.client.create({}, { principal });
    expect(peers.size).toBe(3);
  });

  test('are a minute old at most, unless a service says otherwise', () => {
    const schema = maxConnectionAge();
    expect([schema.parse(undefined), schema.parse('90s')]).toEqual([60_000, 90_000]);
    expect(maxConnectionAge(300_000).parse(undefined)).toBe(300_000);
    expect(schema.safeParse('100ms').success).toBe(false);
  });

  test('a busy peer may have several', async () => {
    const peers = new Set<string>();
    await using server = await startEcho({
      create: async (_, { peer }) => {
        peers.add(peer);
        return {};
      },
    });
    using echo = connectEcho(server.address, { connections: 3 });
    for (let call = 0; call < 6; call += 1) await echo.client.create({}, { principal });
    expect(peers.size).toBe(3);
  });
});

test('the service config retries what the contract calls repeatable', () => {
  const config = serviceConfig([EchoService], true);
  expect(config.methodConfig[0]?.name.map(({ method }) => method)).toEqual(['Echo', 'Put', 'Repeat']);
  expect(config.loadBalancingConfig[0]).toHaveProperty(
    'atelier_faults_only.child_policy[0].outlier_detection.interval',
    { seconds: 1, nanos: 0 },
  );
});

test.each([
  ['dns:///storage:50055', 'dns:///storage:50055'],
  ['storage:50055', 'dns:///storage:50055'],
  ['localhost:1', 'dns:///localhost:1'],
  ['127.0.0.1:1', 'ipv4:127.0.0.1:1'],
  ['127.0.0.1:1, localhost:2', 'ipv4:127.0.0.1:1,127.0.0.1:2'],
  ['[::1]:1,[::1]:2', 'ipv6:[::1]:1,[::1]:2'],
  ['ipv4:127.0.0.1:1,127.0.0.1:2', 'ipv4:127.0.0.1:1,127.0.0.1:2'],
])('target %s', (target, expected) => {
  using channel = new Channel(target, { services: [] });
  expect(channel.target).toBe(expected);
});

test.each(['storage', '', 'a:1,b:2', '127.0.0.1:1,[::1]:2', 'http://', '127.0.0.1:0'])(
  'target "%s" is refused',
  (target) => {
    expect(() => new Channel(target, { services: [] })).toThrow(TypeError);
  },
);
