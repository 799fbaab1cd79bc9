import { describe, expect, test } from '@jest/globals';
import { Code, isRpcError } from '../src/index.ts';
import { all, connectEcho, principal, rejection, startEcho, stream } from './mesh.ts';

describe('the four kinds of calls', () => {
  test('one request, one response, bytes unharmed', async () => {
    await using server = await startEcho();
    using echo = connectEcho(server.address);
    const payload = Uint8Array.from({ length: 70_000 }, (_, index) => index % 251);
    const response = await echo.client.echo({ text: 'schöne Grüße', payload }, { principal });
    expect(response.text).toBe('schöne Grüße');
    expect(Buffer.compare(response.payload, payload)).toBe(0);
  });

  test('one request, many responses', async () => {
    await using server = await startEcho();
    using echo = connectEcho(server.address);
    const responses = await all(echo.client.repeat({ text: 'x', count: 300 }, { principal }));
    expect(responses.map(({ index }) => index)).toEqual(Array.from({ length: 300 }, (_, index) => index));
  });

  test('many requests, one response', async () => {
    await using server = await startEcho();
    using echo = connectEcho(server.address);
    const requests = stream({ text: 'a' }, { text: 'b' }, { text: 'c' });
    expect((await echo.client.collect(requests, { principal })).texts).toEqual(['a', 'b', 'c']);
  });

  test('many requests, many responses, each answered before the next is sent', async () => {
    await using server = await startEcho();
    using echo = connectEcho(server.address);
    const answered: string[] = [];
    async function* requests() {
      for (const text of ['a', 'b', 'c']) {
        yield { text };
        while (!answered.includes(`echo: ${text}`)) await new Promise(setImmediate);
      }
    }
    for await (const { text } of echo.client.chat(requests(), { principal })) answered.push(text);
    expect(answered).toEqual(['echo: a', 'echo: b', 'echo: c']);
  });

  test('a handler may stop reading and still answer', async () => {
    await using server = await startEcho({
      async *chat(requests) {
        for await (const { text } of requests) {
          yield { text };
          break;
        }
        yield { text: 'enough' };
      },
      async collect(requests) {
        for await (const { text } of requests) return { texts: [text] };
        return { texts: [] };
      },
    });
    using echo = connectEcho(server.address);
    const many = () => stream(...Array.from({ length: 100 }, (_, index) => ({ text: `t${index}` })));
    expect((await all(echo.client.chat(many(), { principal }))).map(({ text }) => text)).toEqual([
      't0',
      'enough',
    ]);
    expect((await echo.client.collect(many(), { principal })).texts).toEqual(['t0']);
  });

  test('a failure of the requests cancels the call and is thrown as it is', async () => {
    const outcome = Promise.withResolvers<unknown>();
    const arrived = Promise.withResolvers<void>();
    await using server = await startEcho({
      async collect(requests) {
        try {
          for await (const _ of requests) arrived.resolve();
        } catch (error) {
          outcome.resolve(error);
          throw error;
        }
        return { texts: [] };
      },
    });
    using echo = connectEcho(server.address);
    const failure = new Error('disk gone');
    async function* requests() {
      yield { text: 'a' };
      await arrived.promise;
      throw failure;
    }
    expect(await rejection(echo.client.collect(requests(), { principal }))).toBe(failure);
    expect(isRpcError(await outcome.promise, Code.CANCELLED)).toBe(true);
  });

  test('responses wait for a slow reader', async () => {
    let sent = 0;
    await using server = await startEcho({
      async *repeat() {
        for (; sent < 2_000; sent += 1) yield { text: 'x'.repeat(10_000), index: sent };
      },
    });
    using echo = connectEcho(server.address);
    let read = 0;
    for await (const _ of echo.client.repeat({ text: 'x', count: 0 }, { principal })) {
      read += 1;
      if (read === 1) for (let turn = 0; turn < 200; turn += 1) await new Promise(setImmediate);
      // 20 MB were to come; what is on the way at any time is bounded by the windows of the streams.
      if (read === 1) expect(sent).toBeLessThan(1_000);
    }
    expect(read).toBe(2_000);
  });
});

describe('the context', () => {
  test('carries who calls, the ids and the headers', async () => {
    const seen = Promise.withResolvers<Record<string, unknown>>();
    await using server = await startEcho({
      echo: async (_, context) => {
        const { requestId, trace, headers, peer, method } = context;
        seen.resolve({
          requestId,
          trace,
          team: context.principal?.team,
          header: headers.get('x-shop'),
          peer,
          method,
        });
        return {};
      },
    });
    using echo = connectEcho(server.address);
    const trace = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), flags: 1, state: 'v=1' };
    await echo.client.echo({}, { principal, requestId: 'req-7', trace, headers: { 'x-shop': 'berlin' } });
    const context = await seen.promise;
    expect(context).toMatchObject({ requestId: 'req-7', team: 'teams/red', header: 'berlin' });
    expect(context.trace).toMatchObject({ traceId: trace.traceId, flags: 1, state: 'v=1' });
    expect(context.peer).toMatch(/^127\.0\.0\.1:\d+$/);
    expect((context.method as { name: string }).name).toBe('Echo');
  });

  test('passed on to a client, keeps ids, principal and trace, and not the headers', async () => {
    const far = Promise.withResolvers<Record<string, unknown>>();
    await using inner = await startEcho({
      echo: async (request, { requestId, trace, principal: who, headers }) => {
        far.resolve({ requestId, trace, who, leaked: headers.get('x-shop') });
        return { text: request.text };
      },
    });
    using toInner = connectEcho(inner.address);
    await using outer = await startEcho({
      echo: async (request, context) => ({ text: (await toInner.client.echo(request, context)).text }),
    });
    using toOuter = connectEcho(outer.address);
    await toOuter.client.echo(
      { text: 'x' },
      { principal, requestId: 'req-8', headers: { 'x-shop': 'berlin' } },
    );
    const { requestId, who, leaked, trace } = await far.promise;
    expect({ requestId, leaked }).toEqual({ requestId: 'req-8', leaked: undefined });
    expect(who).toMatchObject({ team: 'teams/red', token: principal.token });
    expect(trace).toHaveProperty('parentSpanId');
  });

  test('an id that is no id is replaced', async () => {
    const seen = Promise.withResolvers<string>();
    await using server = await startEcho({
      echo: async (_, context) => {
        seen.resolve(context.requestId);
        return {};
      },
    });
    using echo = connectEcho(server.address);
    await echo.client.echo({}, { principal, requestId: 'a b {"forged": "line"}' });
    expect(await seen.promise).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/);
  });
});
