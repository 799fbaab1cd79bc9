import { HelpSchema } from '@atelier/protos/google/rpc/error_details_pb.ts';
import { describe, expect, test } from '@jest/globals';
import { Code, forward, packDetail, permissionDenied, RpcError } from '../src/index.ts';
import { EchoService } from './gen/atelier/rpctest/v1/echo_service_pb.ts';
import {
  aborted,
  all,
  connectEcho,
  type EchoHandlers,
  principal,
  rejection,
  startEcho,
  stream,
} from './mesh.ts';

async function edge(
  replaced: Partial<EchoHandlers>,
  authorize: Parameters<typeof forward>[2]['authorize'] = () => undefined,
) {
  const stack = new AsyncDisposableStack();
  const inner = stack.use(await startEcho(replaced, { name: 'inner' }));
  const toInner = stack.use(connectEcho(inner.address));
  const registrations = [forward(EchoService, toInner.channel, { authorize })];
  const outer = stack.use(await startEcho({}, { registrations }));
  const { client } = stack.use(connectEcho(outer.address));
  return { client, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

describe('a forwarded service', () => {
  test('works for all kinds of calls', async () => {
    await using front = await edge({});
    const options = { principal };
    expect((await front.client.echo({ text: 'a' }, options)).server).toBe('inner');
    expect(await all(front.client.repeat({ text: 'b', count: 3 }, options))).toHaveLength(3);
    expect((await front.client.collect(stream({ text: 'c' }, { text: 'd' }), options)).texts).toEqual([
      'c',
      'd',
    ]);
    const chat = await all(front.client.chat(stream({ text: 'e' }), options));
    expect(chat.map(({ text }) => text)).toEqual(['inner: e']);
  });

  test('passes errors on with all their details', async () => {
    const sent = new RpcError(Code.RESOURCE_EXHAUSTED, 'spent', {
      reason: 'BUDGET_EXCEEDED',
      metadata: { a: 'b' },
      quotaViolations: [{ subject: 'budgets/b', description: 'spent' }],
      retryAfterMs: 5_000,
      details: [packDetail(HelpSchema, { links: [{ description: 'd', url: 'https://docs.example' }] })],
    });
    await using front = await edge({ create: async () => Promise.reject(sent) });
    const got = (await rejection(front.client.create({}, { principal }))) as RpcError;
    expect({ ...got, details: undefined }).toEqual({ ...sent, details: undefined });
    expect(got.findDetail(HelpSchema)?.links[0]?.url).toBe('https://docs.example');
  });

  test('asks for every call whether it is allowed, before anything is sent on', async () => {
    let calls = 0;
    const asked: string[] = [];
    await using front = await edge(
      {
        create: async () => {
          calls += 1;
          return {};
        },
      },
      (method, context) => {
        asked.push(`${context.principal?.team} ${method.name}`);
        if (method.name !== 'Echo') throw permissionDenied('You may only echo.');
      },
    );
    await front.client.echo({}, { principal });
    expect(await rejection(front.client.create({}, { principal }))).toMatchObject({
      code: Code.PERMISSION_DENIED,
    });
    expect(await rejection(all(front.client.repeat({ text: 'x' }, { principal })))).toMatchObject({
      code: Code.PERMISSION_DENIED,
    });
    expect(asked).toEqual(['teams/red Echo', 'teams/red Create', 'teams/red Repeat']);
    expect(calls).toBe(0);
  });

  test('passes cancellation on', async () => {
    const arrived = Promise.withResolvers<void>();
    const reason = Promise.withResolvers<unknown>();
    await using front = await edge({
      async *chat(requests, context) {
        for await (const { text } of requests) {
          yield { text };
          arrived.resolve();
          reason.resolve(await aborted(context));
        }
      },
    });
    const stop = new AbortController();
    async function* requests() {
      yield { text: 'a' };
      await arrived.promise;
      stop.abort();
    }
    await rejection(all(front.client.chat(requests(), { principal, signal: stop.signal })));
    expect(await reason.promise).toMatchObject({ code: Code.CANCELLED });
  });
});
