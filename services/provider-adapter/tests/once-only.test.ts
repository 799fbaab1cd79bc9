import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { CostBasis } from '@atelier/protos/atelier/common/v1/money_pb.ts';
import {
  CandidateState,
  FailureClass,
} from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import { FieldCapabilitySchema, Support } from '@atelier/protos/atelier/provider/v1/model_pb.ts';
import { describeWith, programs, startRedis } from '@atelier/testing';
import { create } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ProviderFailure } from '../src/providers/provider.ts';
import { submissionId } from '../src/submit/submission-id.ts';
import { type Adapter, spawnAdapter } from './adapter-process.ts';
import { counting } from './counting-provider.ts';
import { type AdapterClients, generate, openStage, type Stage, startAdapter } from './harness.ts';

let stage: Stage;

beforeAll(async () => {
  stage = await openStage();
});

afterAll(async () => {
  await stage[Symbol.asyncDispose]();
});

const call = () => ({ principal: stage.caller() });

function request(model: string, ...keys: string[]) {
  return {
    request: { model: `models/${model}`, prompt: 'a ball' },
    candidates: keys.map((key) => ({ key })),
  };
}

/** Registers a model of the counting provider. */
async function registerCounting(
  adapter: AdapterClients,
  id: string,
  nativeModel: string,
  maxImagesPerRequest = 1,
  typicalLatencyMs?: bigint,
): Promise<void> {
  const { model } = await adapter.catalog.getModel({ name: 'models/sandbox-approve' }, call());
  if (model === undefined) throw new Error('there is no sandbox');
  await adapter.catalog.registerModel(
    {
      model: {
        ...model,
        name: `models/${id}`,
        provider: 'counting',
        nativeModel,
        maxImagesPerRequest,
        ...(typicalLatencyMs !== undefined && { typicalLatencyMs }),
        capabilities: [
          // With seeds, each candidate would have a request of its own.
          ...model.capabilities.filter(({ field }) => field !== 'count' && field !== 'seed'),
          create(FieldCapabilitySchema, {
            field: 'count',
            support: Support.NATIVE,
            max: maxImagesPerRequest,
            native: [{ path: 'count' }],
          }),
        ],
        state: 2,
        etag: '',
      },
    },
    call(),
  );
}

describe('within one process', () => {
  test('a repeat gives what there is, another team its own', async () => {
    const provider = counting();
    await using adapter = await startAdapter(stage, { providerTypes: [provider.type] });
    await registerCounting(adapter, 'counted-1', 'make');
    const first = await generate(adapter, request('counted-1', 'same'), call());
    const second = await generate(adapter, request('counted-1', 'same'), call());
    expect(provider.submits).toBe(1);
    expect(first.results.get('same')).toMatchObject({ state: CandidateState.SUCCEEDED, replayed: false });
    expect(second.results.get('same')).toMatchObject({ state: CandidateState.SUCCEEDED, replayed: true });
    expect(second.results.get('same')?.image).toEqual(first.results.get('same')?.image);
    expect(second.started?.receipt).toEqual(first.started?.receipt);
    await generate(adapter, request('counted-1', 'same'), { principal: stage.caller('teams/other') });
    expect(provider.submits).toBe(2);
  });

  test('concurrent calls attach to one submission, and a caller that leaves ends nothing', async () => {
    const provider = counting();
    await using adapter = await startAdapter(stage, { providerTypes: [provider.type] });
    await registerCounting(adapter, 'counted-2', 'held');
    const leaving = new AbortController();
    const left = generate(adapter, request('counted-2', 'shared'), { ...call(), signal: leaving.signal });
    await provider.submitted;
    const staying = [1, 2, 3].map(() => generate(adapter, request('counted-2', 'shared'), call()));
    leaving.abort();
    await expect(left).rejects.toMatchObject({ codeName: 'CANCELLED' });
    provider.release();
    for (const told of await Promise.all(staying)) {
      expect(told.results.get('shared')).toMatchObject({ state: CandidateState.SUCCEEDED });
    }
    expect(provider.submits).toBe(1);
  });

  test('an unusable model is refused, and what it made before is still given', async () => {
    const provider = counting();
    await using adapter = await startAdapter(stage, { providerTypes: [provider.type] });
    await registerCounting(adapter, 'counted-3', 'make');
    await generate(adapter, request('counted-3', 'kept'), call());
    await adapter.catalog.updateModelState({ name: 'models/counted-3', state: 4 }, call());
    await expect(generate(adapter, request('counted-3', 'new'), call())).rejects.toMatchObject({
      codeName: 'FAILED_PRECONDITION',
      reason: 'MODEL_UNAVAILABLE',
    });
    const again = await generate(adapter, request('counted-3', 'kept'), call());
    expect(again.results.get('kept')).toMatchObject({ state: CandidateState.SUCCEEDED, replayed: true });
    expect(provider.submits).toBe(1);
  });

  test('cancelling reaches the provider, and only that team may', async () => {
    const provider = counting();
    await using adapter = await startAdapter(stage, { providerTypes: [provider.type] });
    await registerCounting(adapter, 'counted-4', 'held');
    const told = generate(adapter, request('counted-4', 'stop'), call());
    await provider.submitted;
    const theirs = { principal: stage.caller('teams/other') };
    const refused = await adapter.generation.cancelGenerateImages({ keys: ['stop'] }, theirs);
    expect(refused.cancelledKeys).toEqual([]);
    const cancelled = await adapter.generation.cancelGenerateImages({ keys: ['stop', 'unknown'] }, call());
    expect(cancelled.cancelledKeys).toEqual(['stop']);
    // The provider was at work, and may charge for it.
    expect((await told).results.get('stop')).toMatchObject({
      state: CandidateState.CANCELLED,
      usage: [{ cost: { basis: CostBasis.ESTIMATED } }],
    });
    expect(provider.aborted).toBe(1);
    const again = await generate(adapter, request('counted-4', 'stop'), call());
    expect(again.results.get('stop')).toMatchObject({ state: CandidateState.CANCELLED, replayed: true });
    expect(provider.submits).toBe(1);
  });
});

describe('what fails, and what it says of the submit', () => {
  const failures = [
    ['a rate limit', new ProviderFailure(FailureClass.RATE_LIMITED, 'Too often.', { retryAfterMs: 0 })],
    ['no connection', new ProviderFailure(FailureClass.UNAVAILABLE, 'Nobody there.', { isNotSent: true })],
    ['a key that is not good', new ProviderFailure(FailureClass.AUTH, 'No.')],
  ] as const;

  test.each(failures)(
    '%s once there is a job: it is looked up, and not made again',
    async (_what, failure) => {
      const provider = counting({ canLookUp: true, failsAfterJob: failure });
      await using adapter = await startAdapter(stage, { providerTypes: [provider.type] });
      const model = `taken-${failure.failureClass}`;
      await registerCounting(adapter, model, 'make');
      const { results } = await generate(adapter, request(model, model), call());
      expect([...results.values()]).toMatchObject([
        { state: CandidateState.SUCCEEDED, providerJobId: 'job-1' },
      ]);
      expect(provider.lookedUp).toEqual(['job-1']);
      expect(provider.submits).toBe(1);
    },
  );

  test.each(failures)(
    '%s once there is a job that nobody can look up: unknown, and billed',
    async (_what, failure) => {
      const provider = counting({ failsAfterJob: failure });
      await using adapter = await startAdapter(stage, { providerTypes: [provider.type] });
      const model = `blind-${failure.failureClass}`;
      await registerCounting(adapter, model, 'make');
      const { results } = await generate(adapter, request(model, model), call());
      expect([...results.values()]).toMatchObject([
        {
          failure: { class: FailureClass.UNKNOWN_OUTCOME },
          usage: [{ cost: { basis: CostBasis.ESTIMATED } }],
        },
      ]);
      expect(provider.submits).toBe(1);
    },
  );

  const limited = new ProviderFailure(FailureClass.RATE_LIMITED, 'Too often.', { retryAfterMs: 60_000 });

  test('time that runs out between two tries is the failure of the last, and costs nothing', async () => {
    const provider = counting({ failsBeforeJob: limited });
    await using adapter = await startAdapter(stage, { providerTypes: [provider.type] });
    await registerCounting(adapter, 'hurried', 'make', 1, 1n);
    const { results } = await generate(adapter, request('hurried', 'hurried'), call());
    expect(results.get('hurried')).toMatchObject({
      failure: { class: FailureClass.RATE_LIMITED },
      usage: [],
    });
    expect(provider.submits).toBe(1);
  });

  test('a cancellation between two tries costs nothing', async () => {
    const provider = counting({ failsBeforeJob: limited });
    await using adapter = await startAdapter(stage, { providerTypes: [provider.type] });
    await registerCounting(adapter, 'called-off', 'make');
    const told = generate(adapter, request('called-off', 'called-off'), call());
    await provider.submitted;
    await adapter.generation.cancelGenerateImages({ keys: ['called-off'] }, call());
    expect((await told).results.get('called-off')).toMatchObject({
      state: CandidateState.CANCELLED,
      usage: [],
    });
    expect(provider.submits).toBe(1);
  });

  test('a stop of the process between two tries leaves the failure of the last', async () => {
    const provider = counting({ failsBeforeJob: limited });
    const first = await startAdapter(stage, { providerTypes: [provider.type] });
    await registerCounting(first, 'stopped', 'make');
    const told = generate(first, request('stopped', 'stopped'), call()).catch(() => undefined);
    await provider.submitted;
    await first[Symbol.asyncDispose]();
    await told;
    await using second = await startAdapter(stage, { providerTypes: [provider.type] });
    const { results } = await generate(second, request('stopped', 'stopped'), call());
    expect(results.get('stopped')).toMatchObject({
      failure: { class: FailureClass.RATE_LIMITED },
      usage: [],
    });
    expect(provider.submits).toBe(1);
  });

  test('what waits for its turn was never begun: its time does not run, and another process makes it', async () => {
    const before = counting({ rate: { requests: 1, seconds: 600 } });
    const first = await startAdapter(stage, { providerTypes: [before.type] });
    await registerCounting(first, 'paced', 'make', 1, 1n);
    await generate(first, request('paced', 'turn-1'), call());
    const lost = generate(first, request('paced', 'turn-2'), call()).catch(() => undefined);
    for await (const { event } of first.generation.generateImages(request('paced', 'turn-2'), call())) {
      if (event.case === 'progress' || event.case === 'started') break;
    }
    await first[Symbol.asyncDispose]();
    await lost;
    const after = counting();
    await using second = await startAdapter(stage, { providerTypes: [after.type] });
    const { results } = await generate(second, request('paced', 'turn-2'), call());
    expect(results.get('turn-2')).toMatchObject({ state: CandidateState.SUCCEEDED, replayed: false });
    expect([before.submits, after.submits]).toEqual([1, 1]);
  });
});

describe('across a restart', () => {
  test('a submission of a provider that cannot be asked again ends in an unknown outcome', async () => {
    const before = counting();
    const first = await startAdapter(stage, { providerTypes: [before.type] });
    await registerCounting(first, 'counted-5', 'held');
    const lost = generate(first, request('counted-5', 'lost'), call());
    const outcome = expect(lost).rejects.toMatchObject({ codeName: 'UNAVAILABLE' });
    await before.submitted;
    await first[Symbol.asyncDispose]();
    await outcome;
    const after = counting();
    await using second = await startAdapter(stage, { providerTypes: [after.type] });
    const { results } = await generate(second, request('counted-5', 'lost'), call());
    expect(results.get('lost')).toMatchObject({
      state: CandidateState.FAILED,
      failure: { class: FailureClass.UNKNOWN_OUTCOME },
      replayed: true,
    });
    expect([before.submits, after.submits]).toEqual([1, 0]);
  });

  test('one that can look jobs up gets the job that was begun', async () => {
    const before = counting({ canLookUp: true });
    const first = await startAdapter(stage, { providerTypes: [before.type] });
    await registerCounting(first, 'counted-6', 'held');
    const lost = generate(first, request('counted-6', 'found'), call()).catch(() => undefined);
    await before.submitted;
    await first[Symbol.asyncDispose]();
    await lost;
    const after = counting({ canLookUp: true });
    await using second = await startAdapter(stage, { providerTypes: [after.type] });
    const { results } = await generate(second, request('counted-6', 'found'), call());
    expect(results.get('found')).toMatchObject({ state: CandidateState.SUCCEEDED, providerJobId: 'job-1' });
    expect(after.lookedUp).toEqual(['job-1']);
    expect([before.submits, after.submits]).toEqual([1, 0]);
  });

  test('a request of which not all was written down was never sent, and costs nothing', async () => {
    const before = counting();
    const first = await startAdapter(stage, { providerTypes: [before.type] });
    await registerCounting(first, 'counted-8', 'held', 2);
    const lost = generate(first, request('counted-8', 'half', 'other-half'), call()).catch(() => undefined);
    await before.submitted;
    await first[Symbol.asyncDispose]();
    await lost;
    expect(before.submits).toBe(1);
    // As if the process had died between the two intents.
    const id = submissionId('teams/shop', 'other-half');
    await rm(join(stage.directory, 'provider-adapter/submissions', id.slice(0, 2), id), { recursive: true });
    const after = counting();
    await using second = await startAdapter(stage, { providerTypes: [after.type] });
    const { results } = await generate(second, request('counted-8', 'half'), call());
    expect(results.get('half')).toMatchObject({
      state: CandidateState.FAILED,
      failure: { class: FailureClass.UNAVAILABLE },
      usage: [],
    });
    expect(after.submits).toBe(0);
  });

  test.each([
    ['does not end in time', { lookUpHangs: true }],
    ['fails', { lookUpFails: true }],
  ])('a lookup that %s leaves the outcome unknown, and billed as an estimate', async (_how, options) => {
    const model = 'lookUpHangs' in options ? 'counted-7' : 'counted-9';
    const key = `lookup-of-${model}`;
    const before = counting({ canLookUp: true });
    const first = await startAdapter(stage, { providerTypes: [before.type] });
    await registerCounting(first, model, 'held');
    const lost = generate(first, request(model, key), call()).catch(() => undefined);
    await before.submitted;
    await first[Symbol.asyncDispose]();
    await lost;
    const after = counting({ canLookUp: true, ...options });
    await using second = await startAdapter(stage, { providerTypes: [after.type] });
    const { results } = await generate(second, request(model, key), call());
    expect(results.get(key)).toMatchObject({
      state: CandidateState.FAILED,
      failure: { class: FailureClass.UNKNOWN_OUTCOME },
      usage: [{ cost: { microUsd: 5000n, basis: CostBasis.ESTIMATED } }],
    });
    expect(after.submits).toBe(0);
  });
});

describeWith(programs.redis, 'with the journal in Redis', () => {
  test('a process that stops while Redis is away does not wait for it, and nothing is made twice', async () => {
    await using redis = await startRedis();
    const env = { REDIS_URL: redis.url, PROVIDER_ADAPTER_LEASE: '1s' };
    const before = counting({ canLookUp: true });
    const first = await startAdapter(stage, { providerTypes: [before.type] }, env);
    await registerCounting(first, 'away', 'held');
    const lost = generate(first, request('away', 'away'), call()).catch(() => undefined);
    await before.submitted;
    await redis.kill();
    // Its answer cannot be written down.
    before.release();
    await first[Symbol.asyncDispose]();
    await lost;
    await redis.restart();
    const after = counting({ canLookUp: true });
    await using second = await startAdapter(stage, { providerTypes: [after.type] }, env);
    const { results } = await generate(second, request('away', 'away'), call());
    expect(results.get('away')).toMatchObject({ state: CandidateState.SUCCEEDED, providerJobId: 'job-1' });
    expect([before.submits, after.submits]).toEqual([1, 0]);
  });
});

describe('across kill -9 of the process', () => {
  const kill = async (adapter: Adapter) => {
    adapter.clients[Symbol.dispose]();
    adapter.process.kill('SIGKILL');
    await adapter.exited;
  };

  test('what was made is given again, what was in the middle is brought to an end', async () => {
    const first = await spawnAdapter(stage);
    const done = await generate(first.clients, request('sandbox-approve', 'k9-done'), call());
    const slow = {
      request: {
        model: 'models/sandbox-slow',
        prompt: 'a ball',
        layers: [{ parameters: { providerOptions: { sandbox: { delay_ms: 3000 } } } }],
      },
      candidates: [{ key: 'k9-slow' }],
    };
    const running = first.clients.generation.generateImages(slow, call());
    const lost = (async () => {
      for await (const { event } of running) {
        if (event.case === 'progress' && event.value.fraction !== undefined) return;
      }
    })();
    await lost;
    await kill(first);
    const second = await spawnAdapter(stage);
    const again = await generate(second.clients, request('sandbox-approve', 'k9-done'), call());
    expect(again.results.get('k9-done')).toMatchObject({
      replayed: true,
      image: { sha256: done.results.get('k9-done')?.image?.sha256 },
    });
    const resumed = await generate(second.clients, slow, call());
    expect(resumed.results.get('k9-slow')).toMatchObject({ state: CandidateState.SUCCEEDED, replayed: true });
    const { images } = await stage.images.listImages({ pageSize: 500 }, call());
    const keys = images.map(({ candidateKey }) => candidateKey);
    expect(keys.filter((key) => key.startsWith('k9-')).sort()).toEqual(['k9-done', 'k9-slow']);
    second.clients[Symbol.dispose]();
    second.process.kill('SIGTERM');
    expect(await second.exited).toBe(0);
  });
});
