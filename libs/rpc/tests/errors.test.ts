import { createMetrics } from '@atelier/observability';
import { HelpSchema } from '@atelier/protos/google/rpc/error_details_pb.ts';
import { describe, expect, test } from '@jest/globals';
import {
  aborted as abortedError,
  Code,
  invalidArgument,
  notFound,
  overloaded,
  packDetail,
  RpcError,
  resourceExhausted,
  unimplemented,
} from '../src/index.ts';
import {
  all,
  captureLog,
  connectEcho,
  type EchoHandlers,
  principal,
  rejection,
  startEcho,
  stream,
} from './mesh.ts';

async function errorOf(error: unknown, options: Parameters<typeof startEcho>[1] = {}): Promise<RpcError> {
  const fail: EchoHandlers['create'] = async () => Promise.reject(error);
  await using server = await startEcho({ create: fail }, options);
  using echo = connectEcho(server.address);
  return (await rejection(echo.client.create({}, { principal }))) as RpcError;
}

describe('errors on the wire', () => {
  test('carry every kind of detail both ways', async () => {
    const sent = new RpcError(Code.RESOURCE_EXHAUSTED, 'Über budget: 5 %\nsecond line', {
      reason: 'BUDGET_EXCEEDED',
      metadata: { project: 'projects/p' },
      fieldViolations: [{ field: 'policy.max_cost', description: 'above the rest', reason: 'TOO_MUCH' }],
      retryAfterMs: 1_234,
      quotaViolations: [{ subject: 'budgets/b', description: 'spent' }],
      details: [packDetail(HelpSchema, { links: [{ description: 'budgets', url: 'https://docs.example' }] })],
      cause: new Error('secret cause'),
    });
    const got = await errorOf(sent);
    expect(got).toBeInstanceOf(RpcError);
    expect({ ...got, message: got.message, details: undefined }).toEqual({
      ...sent,
      message: sent.message,
      details: undefined,
      cause: undefined,
    });
    expect(got.cause).toBeUndefined();
    expect(got.findDetail(HelpSchema)?.links[0]?.url).toBe('https://docs.example');
  });

  test.each([
    [notFound('images/1 was not found'), Code.NOT_FOUND, 'NOT_FOUND'],
    [abortedError('changed meanwhile'), Code.ABORTED, 'ETAG_MISMATCH'],
    [unimplemented('waits for experiments'), Code.UNIMPLEMENTED, 'NOT_OFFERED'],
    [resourceExhausted('too fast', { reason: 'RATE_LIMITED' }), Code.RESOURCE_EXHAUSTED, 'RATE_LIMITED'],
  ])('%# keeps code and reason', async (sent, code, reason) => {
    expect(await errorOf(sent)).toMatchObject({ code, reason, message: sent.message });
  });

  test('a half character in a message does not break the call', async () => {
    expect((await errorOf(notFound(`emoji \ud83d cut`))).message).toBe('emoji \ufffd cut');
  });

  test('a list of violations too long for a header is cut, and says so', async () => {
    const violations = Array.from({ length: 500 }, (_, index) => ({
      field: `rows[${index}]`,
      description: 'is bad '.repeat(5),
    }));
    const got = await errorOf(invalidArgument(violations));
    expect(got.code).toBe(Code.INVALID_ARGUMENT);
    expect(got.fieldViolations.length).toBeGreaterThan(20);
    expect(got.fieldViolations.at(-1)?.description).toMatch(/^and \d+ more fields$/);
  });

  test('whatever else is thrown is INTERNAL without its text, and its cause is in the log', async () => {
    const { log, lines } = captureLog('warn');
    const got = await errorOf(new TypeError('password=hunter2 at line 3'), { log });
    expect(got).toMatchObject({ code: Code.INTERNAL, reason: 'INTERNAL' });
    expect(got.message).not.toContain('hunter2');
    expect(got.metadata.request_id).toBe(lines[0]?.requestId);
    expect(lines[0]).toMatchObject({ level: 'warn', code: 'INTERNAL', err: { type: 'TypeError' } });
  });

  test('in the middle of a stream they come after what was sent', async () => {
    await using server = await startEcho({
      async *repeat() {
        yield { index: 1 };
        throw notFound('no more');
      },
      async *chat(requests) {
        for await (const { text } of requests) {
          yield { text };
          throw notFound('no chat');
        }
      },
    });
    using echo = connectEcho(server.address);
    const indexes: number[] = [];
    const read = async () => {
      for await (const { index } of echo.client.repeat({ text: 'x' }, { principal })) indexes.push(index);
    };
    expect(await rejection(read())).toMatchObject({ code: Code.NOT_FOUND, message: 'no more' });
    expect(indexes).toEqual([1]);
    expect(await rejection(all(echo.client.chat(stream({ text: 'a' }), { principal })))).toMatchObject({
      code: Code.NOT_FOUND,
      message: 'no chat',
    });
  });
});

describe('validation', () => {
  test('names every field that breaks a rule, by its path in the proto', async () => {
    await using server = await startEcho();
    using echo = connectEcho(server.address);
    const request = { repeatCount: 11, parts: [{ partName: 'a' }, { partName: '' }] };
    const error = (await rejection(echo.client.echo(request, { principal }))) as RpcError;
    expect(error).toMatchObject({ code: Code.INVALID_ARGUMENT, reason: 'INVALID_FIELD' });
    expect(error.fieldViolations.map(({ field, reason }) => [field, reason])).toEqual([
      ['repeat_count', 'INT32_GTE_LTE'],
      ['parts[1].part_name', 'STRING_MIN_LEN'],
    ]);
    for (const { description } of error.fieldViolations) expect(description).not.toBe('');
  });

  test('covers each message of a stream, and the handler sees the good ones before', async () => {
    const seen: string[] = [];
    await using server = await startEcho({
      async collect(requests) {
        for await (const { text } of requests) seen.push(text);
        return { texts: seen };
      },
    });
    using echo = connectEcho(server.address);
    const error = await rejection(echo.client.collect(stream({ text: 'a' }, { text: '' }), { principal }));
    expect(error).toMatchObject({ code: Code.INVALID_ARGUMENT, fieldViolations: [{ field: 'text' }] });
    expect(seen).toEqual(['a']);
  });

  test('of the request of a stream of responses', async () => {
    await using server = await startEcho();
    using echo = connectEcho(server.address);
    const error = await rejection(all(echo.client.repeat({ count: 1 }, { principal })));
    expect(error).toMatchObject({ code: Code.INVALID_ARGUMENT, fieldViolations: [{ field: 'text' }] });
  });

  test('bytes that are no message are the fault of the caller', async () => {
    await using server = await startEcho();
    using echo = connectEcho(server.address);
    const grpc = echo.channel.next();
    const { Metadata } = await import('@grpc/grpc-js');
    const metadata = new Metadata();
    const { keys } = await import('./mesh.ts');
    metadata.set('atelier-mesh-credential', keys.credential.reveal());
    metadata.set('atelier-principal', principal.token ?? '');
    const code = await new Promise((resolve) => {
      const path = '/atelier.rpctest.v1.EchoService/Echo';
      grpc.makeUnaryRequest(
        path,
        (raw: Buffer) => raw,
        String,
        Buffer.from([0xff, 0xff]),
        metadata,
        (error) => resolve(error?.code),
      );
    });
    expect(code).toBe(Code.INVALID_ARGUMENT);
  });
});

describe('limits', () => {
  test.each([4.5, 12])('a request of %d MiB is refused', async (mebibytes) => {
    await using server = await startEcho();
    using echo = connectEcho(server.address);
    const payload = new Uint8Array(mebibytes * 1024 * 1024);
    expect(await rejection(echo.client.echo({ payload }, { principal }))).toMatchObject({
      code: Code.RESOURCE_EXHAUSTED,
    });
    const fits = new Uint8Array(3.9 * 1024 * 1024);
    expect((await echo.client.echo({ payload: fits }, { principal })).payload.length).toBe(fits.length);
  });

  test('calls beyond what the server takes at once are overload, with pushback', async () => {
    const arrived = Promise.withResolvers<void>();
    const finish = Promise.withResolvers<void>();
    await using server = await startEcho(
      {
        create: async () => {
          arrived.resolve();
          await finish.promise;
          return {};
        },
      },
      { limits: { maxConcurrentCalls: 1 } },
    );
    using echo = connectEcho(server.address);
    const first = echo.client.create({}, { principal });
    await arrived.promise;
    const error = await rejection(echo.client.create({}, { principal }));
    expect(error).toMatchObject({ code: Code.UNAVAILABLE, reason: 'OVERLOADED', retryAfterMs: 100 });
    finish.resolve();
    await first;
  });

  test('an overloaded server is asked again after the pushback', async () => {
    let calls = 0;
    await using server = await startEcho({
      put: async () => {
        calls += 1;
        if (calls < 3) throw overloaded('full', 5);
        return { text: 'at last' };
      },
    });
    using echo = connectEcho(server.address);
    expect((await echo.client.put({}, { principal })).text).toBe('at last');
    expect(calls).toBe(3);
  });
});

test('every call is logged once and measured, without bodies', async () => {
  const { log, lines } = captureLog('debug');
  const metrics = createMetrics('rpctest');
  await using server = await startEcho(
    { create: async () => Promise.reject(notFound('gone')) },
    { log, metrics },
  );
  using echo = connectEcho(server.address, { metrics });
  await echo.client.echo({ text: 'a private prompt' }, { principal, requestId: 'r1' });
  await rejection(echo.client.create({ text: 'a private prompt' }, { principal, requestId: 'r2' }));
  await all(echo.client.repeat({ text: 'a private prompt', count: 2 }, { principal, requestId: 'r3' }));
  const ended = lines.filter(({ msg }) => msg === 'call ended');
  expect(ended.map(({ requestId, code, level }) => [requestId, code, level])).toEqual([
    ['r1', 'OK', 'debug'],
    ['r2', 'NOT_FOUND', 'debug'],
    ['r3', 'OK', 'debug'],
  ]);
  expect(ended[0]).toMatchObject({ method: '/atelier.rpctest.v1.EchoService/Echo', team: 'teams/red' });
  expect(ended[0]?.traceId).toMatch(/^[0-9a-f]{32}$/);
  expect(JSON.stringify(lines)).not.toContain('private');
  const text = await metrics.registry.metrics();
  expect(text).toMatch(/server_seconds_count\{.*Create",code="NOT_FOUND"\} 1/);
  expect(text).toMatch(/client_seconds_count\{.*Repeat",code="OK"\} 1/);
  expect(text).toMatch(/in_flight\{.*Echo".*\} 0/);
});
