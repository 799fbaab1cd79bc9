import {
  Health,
  HealthCheckResponse_ServingStatus as Status,
} from '@atelier/protos/grpc/health/v1/health_pb.ts';
import { describe, expect, test } from '@jest/globals';
import { Code, checkHealth, createClient, implement, isRpcError } from '../src/index.ts';
import { EchoService } from './gen/atelier/rpctest/v1/echo_service_pb.ts';
import { aborted, all, connectEcho, echoHandlers, principal, rejection, startEcho } from './mesh.ts';
import { Reflection } from './reflection-client.ts';

const SERVICE = 'atelier.rpctest.v1.EchoService';

describe('health', () => {
  test('needs no credential, and knows the whole and each service', async () => {
    await using server = await startEcho();
    using stranger = connectEcho(server.address, { credential: undefined });
    expect(await checkHealth(stranger.channel)).toBe('SERVING');
    expect(await checkHealth(stranger.channel, SERVICE)).toBe('SERVING');
    expect(await rejection(checkHealth(stranger.channel, 'no.such.Service'))).toMatchObject({
      code: Code.NOT_FOUND,
    });
    server.setServing(SERVICE, false);
    expect(await checkHealth(stranger.channel, SERVICE)).toBe('NOT_SERVING');
    expect(await checkHealth(stranger.channel)).toBe('SERVING');
  });

  test('watchers hear of the drain, and do not hold it up', async () => {
    const server = await startEcho();
    using echo = connectEcho(server.address);
    const statuses: unknown[] = [];
    let drained: Promise<void> | undefined;
    for await (const { status } of createClient(Health, echo.channel).watch({})) {
      statuses.push(status);
      drained ??= server.drain(50_000);
    }
    await drained;
    expect(statuses).toEqual([Status.SERVING, Status.NOT_SERVING]);
  });
});

describe.each(['v1', 'v1alpha'] as const)('reflection %s', (version) => {
  test('lists the services and gives their files, what they import included', async () => {
    await using server = await startEcho();
    using stranger = connectEcho(server.address, { credential: undefined });
    await using reflection = new Reflection(stranger.channel, version);
    expect((await reflection.services()).sort()).toEqual([SERVICE, 'grpc.health.v1.Health']);
    const files = await reflection.filesOf(SERVICE);
    expect(files.map(({ name }) => name)).toContain('atelier/rpctest/v1/echo_service.proto');
    const service = files.find(({ package: name }) => name === 'atelier.rpctest.v1');
    const method = service?.service[0]?.method.find(({ name }) => name === 'Echo');
    expect(method?.options?.idempotencyLevel).toBe(1);
    const field = service?.messageType.find(({ name }) => name === 'EchoRequest')?.field.at(-1);
    expect(field).toMatchObject({ name: 'counted', proto3Optional: true });
    for (const dependency of service?.dependency ?? [])
      expect(await reflection.file(dependency)).toBe(dependency);
    const [health] = await reflection.filesOf('grpc.health.v1.Health');
    const list = health?.messageType.find(({ name }) => name === 'HealthListResponse');
    expect(list?.nestedType[0]?.name).toBe('StatusesEntry');
    expect(await reflection.filesOf('google.rpc.BadRequest')).not.toHaveLength(0);
  });
});

describe('drain', () => {
  test('lets calls in flight finish, refuses new ones, and closes', async () => {
    const arrived = Promise.withResolvers<void>();
    const finish = Promise.withResolvers<void>();
    const server = await startEcho({
      create: async ({ text }) => {
        arrived.resolve();
        await finish.promise;
        return { text };
      },
    });
    using echo = connectEcho(server.address);
    const call = echo.client.create({ text: 'in flight' }, { principal });
    await arrived.promise;
    const drained = server.drain(50_000);
    expect(await rejection(echo.client.create({ text: 'late' }, { principal }))).toMatchObject({
      code: Code.UNAVAILABLE,
    });
    finish.resolve();
    expect((await call).text).toBe('in flight');
    await drained;
    expect(server.inFlight).toBe(0);
  });

  test('ends UNAVAILABLE what does not finish in time', async () => {
    const arrived = Promise.withResolvers<void>();
    const server = await startEcho({
      create: async (_, context) => {
        arrived.resolve();
        return Promise.reject(await aborted(context));
      },
    });
    using echo = connectEcho(server.address);
    const call = rejection(echo.client.create({}, { principal }));
    await arrived.promise;
    await Promise.all([server.drain(10), server.drain(10)]);
    expect(await call).toMatchObject({ code: Code.UNAVAILABLE, reason: 'DRAINING' });
  });

  test('endless streams may end themselves', async () => {
    const server = await startEcho({
      async *repeat(_, { draining }) {
        yield { index: 1 };
        await new Promise((resolve) => draining.addEventListener('abort', resolve, { once: true }));
        yield { index: 2 };
      },
    });
    using echo = connectEcho(server.address);
    const indexes: number[] = [];
    let drained: Promise<void> | undefined;
    for await (const { index } of echo.client.repeat({ text: 'x' }, { principal })) {
      indexes.push(index);
      drained ??= server.drain(50_000);
    }
    await drained;
    expect(indexes).toEqual([1, 2]);
  });

  test('waits for a handler whose caller has left', async () => {
    const arrived = Promise.withResolvers<void>();
    const finish = Promise.withResolvers<void>();
    let isFinished = false;
    const server = await startEcho({
      create: async () => {
        arrived.resolve();
        await finish.promise;
        isFinished = true;
        return {};
      },
    });
    using echo = connectEcho(server.address);
    const stop = new AbortController();
    const call = rejection(echo.client.create({}, { principal, signal: stop.signal }));
    await arrived.promise;
    stop.abort();
    expect(isRpcError(await call, Code.CANCELLED)).toBe(true);
    const drained = server.drain(50_000).then(() => isFinished);
    finish.resolve();
    expect(await drained).toBe(true);
  });
});

test('a service with a hole in it does not start', () => {
  const { echo: _, ...handlers } = echoHandlers('x');
  expect(() => implement(EchoService, handlers as ReturnType<typeof echoHandlers>)).toThrow(
    '/Echo has no handler',
  );
});

test('a service that is registered twice does not start', async () => {
  const registration = implement(EchoService, echoHandlers('x'));
  expect(await rejection(startEcho({}, { registrations: [registration, registration] }))).toBeInstanceOf(
    TypeError,
  );
});

test('an address that is taken is an error', async () => {
  await using server = await startEcho();
  const error = await rejection(startEcho({}, { address: { host: '127.0.0.1', port: server.port } }));
  expect((error as Error).message).toContain('EADDRINUSE');
});

test('many calls at once all get their own answer', async () => {
  await using server = await startEcho();
  using echo = connectEcho(server.address);
  const texts = Array.from({ length: 500 }, (_, index) => `text ${index}`);
  const answers = await Promise.all(texts.map((text) => echo.client.create({ text }, { principal })));
  expect(answers.map(({ text }) => text)).toEqual(texts);
  expect(await all(echo.client.repeat({ text: 'x', count: 0 }, { principal }))).toEqual([]);
});
