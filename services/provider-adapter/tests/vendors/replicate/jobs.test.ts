import { createHmac } from 'node:crypto';
import {
  CandidateState,
  FailureClass,
} from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import { ValueSource } from '@atelier/protos/atelier/provider/v1/receipt_pb.ts';
import { Code } from '@atelier/rpc';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { modelAddress } from '../../../src/providers/replicate/address.ts';
import { ask } from '../../../src/providers/replicate/client.ts';
import { runJob } from '../../../src/providers/replicate/jobs.ts';
import { askingOf } from '../../../src/providers/replicate/predictions.ts';
import { type AdapterClients, generate, openStage, type Stage, startAdapter } from '../../harness.ts';
import { picture } from '../pictures.ts';
import { type ScriptedServer, startScriptedServer } from '../scripted-server.ts';
import { jobMaker } from './job.ts';
import { type Remembered, replicateScript } from './script.ts';

const isCancel = replicateScript.isCancel as NonNullable<typeof replicateScript.isCancel>;

describe('requests', () => {
  const VERSION = 'a1'.repeat(32);

  test.each([
    ['owner/name', '', '/models/owner/name/predictions', undefined],
    [`owner/name:${VERSION}`, '', '/predictions', VERSION],
    [VERSION, '', '/predictions', VERSION],
    ['acme/flux', 'deployment', '/deployments/acme/flux/predictions', undefined],
  ])('%s %s goes to %s', (nativeModel, operation, path, version) => {
    const address = modelAddress({ nativeModel, operation });
    expect([address.path, address.version]).toEqual([path, version]);
  });

  test.each([
    ['name', ''],
    ['owner/name:latest', ''],
    ['../../account', ''],
    ['owner/../predictions', ''],
    ['owner/name?x=1', ''],
    ['owner/name', 'training'],
    [`owner/name:${VERSION}`, 'deployment'],
  ])('%s with the operation "%s" is no model, and nothing is sent', (nativeModel, operation) => {
    expect(() => modelAddress({ nativeModel, operation })).toThrow(
      expect.objectContaining({ code: Code.FAILED_PRECONDITION }),
    );
  });
});

describe('one job', () => {
  let server: ScriptedServer;
  let maker: Awaited<ReturnType<typeof jobMaker>>;

  beforeAll(async () => {
    server = await startScriptedServer(replicateScript);
    maker = await jobMaker(server);
  });

  afterAll(async () => {
    await maker[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });

  test('a webhook is asked for only where it could be verified, and only for the end', () => {
    const url = 'https://atelier.example/webhooks/replicate/key';
    const body = ({ wire }: ReturnType<typeof maker.make>) => wire.body?.kind === 'json' && wire.body.value;
    expect(body(maker.make({ webhookUrl: url }))).toMatchObject({
      webhook: url,
      webhook_events_filter: ['completed'],
    });
    expect(Object.keys(body(maker.make()) || {})).toEqual(['input']);
  });

  test.each([
    [{ detail: 'Request was throttled. Your rate limit resets in ~30s.' }, 30_000],
    [{ detail: 'Your rate limit resets in 1.5s', status: 429 }, 1_500],
    [{ detail: 'Too many', retry_after: 7 }, 7_000],
    [{ detail: 'Too many' }, undefined],
  ])('429 without a header: %j', async (problem, retryAfterMs) => {
    const throttling = await startScriptedServer({
      ...replicateScript,
      reply: () => ({ status: 429, body: problem }),
    });
    await using other = await jobMaker(throttling);
    const { job, wire } = other.make();
    await expect(runJob(wire, job)).rejects.toMatchObject({
      failureClass: FailureClass.RATE_LIMITED,
      retryAfterMs,
    });
    await throttling[Symbol.asyncDispose]();
  });

  test('an error never quotes the prompt', async () => {
    const prompt = 'the secret garden of Mrs Brown';
    const refusing = await startScriptedServer({
      ...replicateScript,
      reply: () => ({ status: 422, body: { title: 'Invalid', detail: `prompt "${prompt}" is too long` } }),
    });
    await using other = await jobMaker(refusing);
    const { job, wire } = other.make({ body: { prompt } });
    const failure = await runJob(wire, job).catch((error: Error) => error);
    expect(failure).toMatchObject({
      failureClass: FailureClass.INVALID_REQUEST,
      message: 'The provider answered 422',
    });
    await refusing[Symbol.asyncDispose]();
  });

  test.each(['lost', 'malformed'] as const)(
    'the client repeats nothing: an answer that is %s',
    async (accident) => {
      // The client would ask up to six times.
      const counting = await startScriptedServer({ ...replicateScript, isSubmit: isCancel });
      counting.play([{ kind: 'pending' }], accident);
      await using other = await jobMaker(counting);
      const asking = askingOf(other.make().job);
      await expect(ask(asking, (client) => client.predictions.cancel('any'))).rejects.toMatchObject({
        name: 'ProviderFailure',
      });
      expect(counting.submits).toBe(1);
      await counting[Symbol.asyncDispose]();
    },
  );

  test('the client has no token that an error could tell', async () => {
    let auth: string | undefined;
    server.play([{ kind: 'pending' }]);
    await ask(askingOf(maker.make().job), async (client) => {
      auth = client.auth;
      return client.predictions.get('unknown');
    });
    expect(auth).not.toMatch(/r8_/);
    expect(server.requests[0]?.headers.authorization).toMatch(/^Bearer r8_/);
  });

  test('how far it is, by the progress bar in the log', async () => {
    server.play([{ kind: 'pending' }]);
    const control = new AbortController();
    const { job, wire } = maker.make({ control });
    const told = new Promise<number | undefined>((resolve) => {
      const running = runJob(wire, { ...job, progress: resolve });
      running.catch(() => {});
    });
    expect(await told).toBe(0.5);
    control.abort(new Error('enough'));
    await server.seen(isCancel);
  });
});

describe('over processes', () => {
  let stage: Stage;
  let server: ScriptedServer;
  let memory: Map<string, unknown>;

  beforeAll(async () => {
    stage = await openStage();
    server = await startScriptedServer({
      ...replicateScript,
      reply(request, vendor) {
        memory = vendor.memory;
        return replicateScript.reply(request, vendor);
      },
    });
  });

  afterAll(async () => {
    await server[Symbol.asyncDispose]();
    await stage[Symbol.asyncDispose]();
  });

  const start = (more: Record<string, string> = {}) =>
    startAdapter(
      stage,
      {},
      {
        ...replicateScript.env(server.origin),
        PROVIDER_REPLICATE_POLL_MS: '1',
        FETCH_ALLOWED_ORIGINS: server.origin,
        ...more,
      },
    );
  /** Lets a prediction succeed. */
  const succeed = (id: string, url: string) =>
    memory.set(id, { ...(memory.get(id) as Remembered), status: 'succeeded', output: [url] });
  const call = (clients: AdapterClients, key: string) =>
    generate(
      clients,
      {
        request: {
          model: 'models/replicate-flux-dev',
          prompt: 'a red apple',
          layers: [{ source: ValueSource.CALL, parameters: {} }],
        },
        candidates: [{ key }],
      },
      { principal: stage.caller() },
    );

  test('a process that stops leaves the job alone, and the next one brings it to its end', async () => {
    const url = server.host(await picture('#3050c0'));
    server.play([{ kind: 'pending' }]);
    const first = await start();
    const interrupted = call(first, 'generations/handed-over/0/0').catch((error: unknown) => error);
    const looked = await server.seen(({ method }) => method === 'GET');
    await first[Symbol.asyncDispose]();
    expect(await interrupted).toBeInstanceOf(Error);
    expect(server.requests.some(isCancel)).toBe(false);
    const id = looked.path.split('/').at(-1) ?? '';
    succeed(id, url);
    await using second = await start();
    const { results } = await call(second, 'generations/handed-over/0/0');
    expect([...results.values()]).toMatchObject([{ state: CandidateState.SUCCEEDED }]);
    expect(server.submits).toBe(1);
  });

  test('a webhook ends the pause between two looks, once', async () => {
    const url = server.host(await picture('#20a040'));
    server.play([{ kind: 'pending' }]);
    const secret = `whsec_${Buffer.from('a secret of a test').toString('base64')}`;
    await using adapter = await start({
      PROVIDER_REPLICATE_POLL_MS: '60000',
      PROVIDER_REPLICATE_WEBHOOK_SECRET: secret,
      GATEWAY_PUBLIC_URL: 'https://atelier.example/',
    });
    const key = 'generations/told/0/0';
    const making = call(adapter, key);
    const looked = await server.seen(({ method }) => method === 'GET');
    const [submit] = server.requests;
    expect(submit?.json).toMatchObject({
      webhook: `https://atelier.example/webhooks/replicate/${encodeURIComponent(key)}`,
      webhook_events_filter: ['completed'],
    });
    succeed(looked.path.split('/').at(-1) ?? '', url);
    const body = Buffer.from('{"status":"succeeded"}');
    const time = String(Math.floor(Date.now() / 1_000));
    const webhook = (id: string) => {
      const signed = createHmac('sha256', 'a secret of a test').update(`${id}.${time}.`).update(body);
      const headers = [
        { name: 'webhook-id', value: id },
        { name: 'webhook-timestamp', value: time },
        { name: 'webhook-signature', value: `v1,${signed.digest('base64')}` },
      ];
      return { provider: 'replicate', key, headers, body };
    };
    const options = { principal: stage.caller() };
    const deliver = (request: ReturnType<typeof webhook>) =>
      adapter.generation.deliverWebhook(request, options);
    await expect(
      deliver({ ...webhook('msg_1'), body: Buffer.from('{"status":"failed"}') }),
    ).rejects.toMatchObject({ code: Code.UNAUTHENTICATED });
    expect(await deliver(webhook('msg_1'))).toMatchObject({ accepted: true });
    expect(await deliver(webhook('msg_1'))).toMatchObject({ accepted: false });
    // The first may have come before anybody waited for it.
    let isOver = false;
    const over = making.finally(() => {
      isOver = true;
    });
    for (let count = 2; !isOver; count += 1) await deliver(webhook(`msg_${count}`));
    expect([...(await over).results.values()]).toMatchObject([{ state: CandidateState.SUCCEEDED }]);
  });
});
