import { Outcome } from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import { invalidArgument, unavailable, unimplemented } from '@atelier/rpc';
import { describe, expect, test } from '@jest/globals';
import { AtelierError, approvedImage, Code, createAtelier } from '../src/index.ts';
import { type ScriptedGateway, startScriptedGateway } from './scripted/gateway.ts';

const connect = ({ address }: ScriptedGateway, options = {}) =>
  createAtelier({ address, defaults: { project: 'produce-cutouts' }, ...options });

async function rejection(promise: Promise<unknown>): Promise<AtelierError> {
  return promise.then(
    () => Promise.reject(new Error('expected a rejection')),
    (error) => error,
  );
}

describe('a generation', () => {
  test('in one line, with the defaults of the client and a request id of its own', async () => {
    await using gateway = await startScriptedGateway();
    using atelier = connect(gateway, { apiKey: 'atl_secret' });
    const generation = await atelier.run(
      'studio-draft',
      { variables: { item: 'apples', count: 3 } },
      { seed: 7 },
    );
    expect(generation.outcome).toBe(Outcome.APPROVED);
    expect(generation.request).toMatchObject({
      project: 'projects/produce-cutouts',
      model: 'models/studio-draft',
      brief: { input: { case: 'variables', value: { item: 'apples', count: 3 } } },
      parameters: { seed: 7n },
    });
    expect(generation.request?.requestId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/);
    expect(gateway.calls).toEqual([
      { method: 'generate', requestId: generation.request?.requestId, authorization: 'Bearer atl_secret' },
    ]);
    expect(approvedImage(generation).name).toMatch(/^images\//);
  });

  test('of no project is refused before it is sent, and says where to name one', async () => {
    await using gateway = await startScriptedGateway();
    using atelier = connect(gateway, { defaults: {} });
    expect(await rejection(atelier.run('studio-draft', 'a pear'))).toMatchObject({
      code: Code.INVALID_ARGUMENT,
      reason: 'INVALID_FIELD',
      message: expect.stringContaining('defaults.project'),
      fieldViolations: [{ field: 'generation.project' }],
    });
    expect(gateway.calls).toEqual([]);
  });

  test('asks again under the same request id while the platform is unavailable', async () => {
    await using gateway = await startScriptedGateway();
    using atelier = connect(gateway);
    gateway.failures.push(unavailable('starting'), unavailable('starting', { retryAfterMs: 10 }));
    const { outcome } = await atelier.generate({ brief: 'a pear' });
    expect(outcome).toBe(Outcome.APPROVED);
    expect(gateway.calls).toHaveLength(3);
    expect(new Set(gateway.calls.map(({ requestId }) => requestId)).size).toBe(1);
  });

  test('gives up after as many repeats as it was told, with the reason', async () => {
    await using gateway = await startScriptedGateway();
    using atelier = connect(gateway, { retries: 1 });
    gateway.failures.push(
      unavailable('full', { reason: 'OVERLOADED' }),
      unavailable('full', { reason: 'OVERLOADED' }),
    );
    const error = await rejection(atelier.generate({ brief: 'a pear' }));
    expect(error).toMatchObject({ code: Code.UNAVAILABLE, codeName: 'UNAVAILABLE', reason: 'OVERLOADED' });
    expect(gateway.calls).toHaveLength(2);
  });

  test('is not repeated after a refusal, which names every field', async () => {
    await using gateway = await startScriptedGateway();
    using atelier = connect(gateway);
    gateway.failures.push(
      invalidArgument(
        [
          { field: 'generation.parameters.size', description: 'too large' },
          { field: 'generation.parameters.seed', description: 'not taken' },
        ],
        { reason: 'UNSUPPORTED_PARAMETER', metadata: { model: 'models/x' } },
      ),
    );
    const error = await rejection(atelier.generate({ brief: 'a pear' }));
    expect(error).toBeInstanceOf(AtelierError);
    expect(error.reason).toBe('UNSUPPORTED_PARAMETER');
    expect(error.metadata).toEqual({ model: 'models/x' });
    expect(error.fieldViolations.map(({ field }) => field)).toEqual([
      'generation.parameters.size',
      'generation.parameters.seed',
    ]);
    expect(gateway.calls).toHaveLength(1);
  });

  test('can be started, and its result waited for', async () => {
    await using gateway = await startScriptedGateway();
    using atelier = connect(gateway);
    const { name } = await atelier.create({ brief: { prompt: 'a pear', style: { lighting: 'candles' } } });
    const ended = await atelier.waitForResult(name);
    expect(ended.name).toBe(name);
    expect(ended.request?.brief?.style).toEqual({ lighting: 'candles' });
    expect(gateway.calls.map(({ method, requestId }) => `${method} ${requestId}`).slice(1)).toEqual([
      'watch after 0',
      'get signed',
    ]);
  });

  test('that nobody knows is NOT_FOUND, named in the metadata', async () => {
    await using gateway = await startScriptedGateway();
    using atelier = connect(gateway);
    const name = 'generations/0190c0de-0000-7000-8000-000000000009';
    const error = await rejection(atelier.waitForResult(name));
    expect(error).toMatchObject({ code: Code.NOT_FOUND, reason: 'NOT_FOUND', metadata: { resource: name } });
  });
});

describe('a stream', () => {
  test.each([
    ['with an error', unavailable('restarting')],
    ['without a word', undefined],
  ])('that breaks %s goes on after the last event that was seen', async (_, error) => {
    await using gateway = await startScriptedGateway();
    using atelier = connect(gateway);
    const one = error === undefined ? {} : { error };
    gateway.breaks.push({ after: 4, ...one }, { after: 3, ...one });
    const numbers: bigint[] = [];
    const kinds: (string | undefined)[] = [];
    for await (const { number, event } of atelier.stream({ brief: 'a pear' })) {
      if (number > 0n) numbers.push(number);
      kinds.push(event.case);
    }
    expect(numbers).toEqual(Array.from({ length: 11 }, (_unused, index) => BigInt(index + 1)));
    expect(kinds.at(-1)).toBe('finished');
    expect(gateway.calls.map(({ method }) => method)).toEqual(['stream', 'watch', 'watch']);
    expect(gateway.calls[1]?.requestId).toBe('after 3');
  });

  test('that breaks before its first event starts again under the same request id', async () => {
    await using gateway = await startScriptedGateway();
    using atelier = connect(gateway);
    gateway.failures.push(unavailable('starting'));
    const kinds: unknown[] = [];
    for await (const { event } of atelier.stream({ brief: 'a pear' })) kinds.push(event.case);
    expect(kinds[0]).toBe('accepted');
    const [first, second] = gateway.calls;
    expect([first?.method, second?.method]).toEqual(['stream', 'stream']);
    expect(second?.requestId).toBe(first?.requestId);
  });

  test('that is refused ends with the refusal', async () => {
    await using gateway = await startScriptedGateway();
    using atelier = connect(gateway);
    gateway.failures.push(unimplemented('later'));
    const read = async () => {
      for await (const _ of atelier.stream({ brief: 'a pear' }));
    };
    expect(await rejection(read())).toMatchObject({ code: Code.UNIMPLEMENTED, reason: 'NOT_OFFERED' });
    expect(gateway.calls).toHaveLength(1);
  });

  test('ends CANCELLED when its signal is aborted', async () => {
    await using gateway = await startScriptedGateway();
    using atelier = connect(gateway);
    const controller = new AbortController();
    const read = async () => {
      for await (const _ of atelier.stream({ brief: 'a pear' }, { signal: controller.signal }))
        controller.abort();
    };
    expect(await rejection(read())).toMatchObject({ code: Code.CANCELLED, reason: 'CANCELLED' });
  });
});

describe('the connection', () => {
  test('says that it cannot be made', async () => {
    using atelier = createAtelier({ address: '127.0.0.1:1', retries: 0, defaults: { project: 'x' } });
    const error = await rejection(atelier.generate({ brief: 'a pear' }));
    expect(error).toMatchObject({
      code: Code.UNAVAILABLE,
      reason: '',
      message: 'The platform cannot be reached.',
    });
  });

  test('knows the health of the platform', async () => {
    await using gateway = await startScriptedGateway();
    using atelier = createAtelier({ address: `http://${gateway.address}` });
    expect(await atelier.health()).toBe('SERVING');
  });
});
