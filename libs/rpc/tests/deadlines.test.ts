import { once } from 'node:events';
import { createServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import { type CallContext, Code, cancelled, isRpcError } from '../src/index.ts';
import {
  aborted,
  all,
  captureLog,
  connectEcho,
  principal,
  rejection,
  startEcho,
  stream,
  untilAborted,
} from './mesh.ts';

describe('deadlines', () => {
  test('shrink at every hop by what the answer needs on its way back', async () => {
    // What a server has left when it looks; the time on the way only makes it less.
    const left: number[] = [];
    const look = ({ deadline }: CallContext) => left.push((deadline?.getTime() ?? Number.NaN) - Date.now());
    await using far = await startEcho({
      echo: async (_, context) => {
        look(context);
        return {};
      },
    });
    using toFar = connectEcho(far.address);
    await using near = await startEcho({
      echo: async (request, context) => {
        look(context);
        return toFar.client.echo(request, context).then(({ text }) => ({ text }));
      },
    });
    using toNear = connectEcho(near.address);
    await toNear.client.echo({}, { principal, timeoutMs: 20_000 });
    // A header in whole milliseconds may round up by one.
    expect(left[0]).toBeLessThanOrEqual(20_000 - 60 + 1);
    expect(left[1]).toBeLessThanOrEqual((left[0] ?? 0) - 60 + 1);
    expect(left[1]).toBeGreaterThan(0);
  });

  test('unary calls have one by default, streams have none', async () => {
    const seen: (Date | undefined)[] = [];
    await using server = await startEcho({
      echo: async (_, { deadline }) => {
        seen.push(deadline);
        return {};
      },
      async *repeat(_, { deadline }) {
        seen.push(deadline);
        yield {};
      },
    });
    using echo = connectEcho(server.address);
    await echo.client.echo({}, { principal });
    await all(echo.client.repeat({ text: 'x' }, { principal }));
    expect(seen[0]).toBeInstanceOf(Date);
    expect(seen[1]).toBeUndefined();
  });

  test('of a timeout and a deadline the earlier counts', async () => {
    const seen: number[] = [];
    await using server = await startEcho({
      echo: async (_, { deadline }) => {
        seen.push((deadline?.getTime() ?? Number.NaN) - Date.now());
        return {};
      },
    });
    using echo = connectEcho(server.address);
    await echo.client.echo({}, { principal, timeoutMs: 50_000, deadline: new Date(Date.now() + 3_600_000) });
    await echo.client.echo({}, { principal, timeoutMs: 3_600_000, deadline: new Date(Date.now() + 50_000) });
    for (const left of seen) expect(left).toBeLessThan(50_000);
  });

  // These callers tell the server a timeout and have none themselves, so only the server can end the call.
  const headers = { 'grpc-timeout': '300m' };

  test('are kept by the server, which answers DEADLINE_EXCEEDED itself, with details', async () => {
    const reason = Promise.withResolvers<unknown>();
    await using server = await startEcho({
      collect: async (_, context) => {
        reason.resolve(await aborted(context));
        return untilAborted(context);
      },
    });
    using echo = connectEcho(server.address);
    expect(await rejection(echo.client.collect(stream(), { principal, headers }))).toMatchObject({
      code: Code.DEADLINE_EXCEEDED,
      reason: 'DEADLINE_EXCEEDED',
      message: 'The deadline passed.',
    });
    expect(isRpcError(await reason.promise, Code.DEADLINE_EXCEEDED)).toBe(true);
  });

  test('end a stream too', async () => {
    await using server = await startEcho({
      async *repeat(_, context) {
        yield { index: 1 };
        await untilAborted(context);
      },
    });
    using echo = connectEcho(server.address);
    const error = await rejection(all(echo.client.repeat({ text: 'x' }, { principal, headers })));
    expect(error).toMatchObject({ code: Code.DEADLINE_EXCEEDED, message: 'The deadline passed.' });
  });

  test('are kept by the client where the server never answers', async () => {
    const deaf = createServer().on('stream', () => undefined);
    deaf.listen(0, '127.0.0.1');
    await once(deaf, 'listening');
    using echo = connectEcho(`127.0.0.1:${(deaf.address() as AddressInfo).port}`);
    const error = await rejection(echo.client.create({}, { principal, timeoutMs: 100 }));
    expect(error).toMatchObject({
      code: Code.DEADLINE_EXCEEDED,
      message: 'The deadline passed before atelier.rpctest.v1.EchoService/Create answered.',
    });
    deaf.close();
  });
});

describe('cancellation', () => {
  test('reaches the far end through two hops, for a unary call', async () => {
    const arrived = Promise.withResolvers<void>();
    const reason = Promise.withResolvers<unknown>();
    await using far = await startEcho({
      create: async (_, context) => {
        arrived.resolve();
        reason.resolve(await aborted(context));
        return {};
      },
    });
    using toFar = connectEcho(far.address);
    await using near = await startEcho({
      create: async (request, context) => ({ text: (await toFar.client.create(request, context)).text }),
    });
    using toNear = connectEcho(near.address);
    const stop = new AbortController();
    const call = rejection(toNear.client.create({}, { principal, signal: stop.signal }));
    await arrived.promise;
    stop.abort();
    expect(isRpcError(await call, Code.CANCELLED)).toBe(true);
    expect(isRpcError(await reason.promise, Code.CANCELLED)).toBe(true);
  });

  test('reaches the far end when a reader stops reading a stream', async () => {
    const reason = Promise.withResolvers<unknown>();
    const closed = Promise.withResolvers<void>();
    await using far = await startEcho({
      async *repeat(_, context) {
        try {
          yield { index: 1 };
          reason.resolve(await aborted(context));
        } finally {
          closed.resolve();
        }
      },
    });
    using toFar = connectEcho(far.address);
    await using near = await startEcho({
      async *repeat(request, context) {
        for await (const { index } of toFar.client.repeat(request, context)) yield { index };
      },
    });
    using toNear = connectEcho(near.address);
    for await (const { index } of toNear.client.repeat({ text: 'x' }, { principal })) {
      expect(index).toBe(1);
      break;
    }
    expect(isRpcError(await reason.promise, Code.CANCELLED)).toBe(true);
    await closed.promise;
  });

  test('a call that was cancelled before it began is not sent', async () => {
    let calls = 0;
    await using server = await startEcho({
      echo: async () => {
        calls += 1;
        return {};
      },
    });
    using echo = connectEcho(server.address);
    const own = cancelled('The shop closed.');
    expect(await rejection(echo.client.echo({}, { principal, signal: AbortSignal.abort(own) }))).toBe(own);
    expect(
      isRpcError(
        await rejection(all(echo.client.repeat({ text: 'x' }, { signal: AbortSignal.abort() }))),
        Code.CANCELLED,
      ),
    ).toBe(true);
    expect(calls).toBe(0);
  });

  test('a handler that goes on after its caller left counts as in flight until it ends', async () => {
    const arrived = Promise.withResolvers<void>();
    const finish = Promise.withResolvers<void>();
    const { log, lines } = captureLog('debug');
    await using server = await startEcho(
      {
        create: async () => {
          arrived.resolve();
          await finish.promise;
          return {};
        },
      },
      { log },
    );
    using echo = connectEcho(server.address);
    const stop = new AbortController();
    const call = rejection(echo.client.create({}, { principal, signal: stop.signal }));
    await arrived.promise;
    stop.abort();
    await call;
    while (!lines.some(({ code }) => code === 'CANCELLED')) await new Promise(setImmediate);
    expect(server.inFlight).toBe(1);
    finish.resolve();
    while (server.inFlight > 0) await new Promise(setImmediate);
  });
});
