import { CostBasis } from '@atelier/protos/atelier/common/v1/money_pb.ts';
import {
  CandidateState,
  FailureClass,
} from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import { describeWith, programs, startRedis } from '@atelier/testing';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { type Adapter, spawnAdapter } from './adapter-process.ts';
import { generate, openStage, type Stage } from './harness.ts';
import { bflScript } from './vendors/bfl/script.ts';
import { falScript } from './vendors/fal/script.ts';
import { openaiScript } from './vendors/openai/script.ts';
import { picture } from './vendors/pictures.ts';
import { type ScriptedServer, startScriptedServer } from './vendors/scripted-server.ts';
import type { ScriptedRequest } from './vendors/vendor-script.ts';

/** How a submission ends whose process is killed in the middle, by what its provider can be asked. */
interface World {
  readonly stage: Stage;
  /** Adapters of this world, in processes of their own. */
  start(): Promise<Adapter>;
  readonly openai: ScriptedServer;
  readonly bfl: ScriptedServer;
  readonly fal: ScriptedServer;
}

const LEASE = { PROVIDER_ADAPTER_LEASE: '3s' };

const isLook = ({ method }: ScriptedRequest) => method === 'GET';

function worlds(
  open: (stack: AsyncDisposableStack) => Promise<Readonly<Record<string, string>>>,
): () => World {
  let stack: AsyncDisposableStack;
  let world: World;
  const adapters = new Set<Adapter>();

  beforeAll(async () => {
    stack = new AsyncDisposableStack();
    const stage = stack.use(await openStage());
    const openai = stack.use(await startScriptedServer(openaiScript));
    const bfl = stack.use(await startScriptedServer(bflScript));
    const fal = stack.use(await startScriptedServer(falScript));
    const env = {
      ...openaiScript.env(openai.origin),
      ...bflScript.env(bfl.origin),
      ...falScript.env(fal.origin),
      PROVIDER_BFL_POLL_MS: '1',
      PROVIDER_BFL_CONCURRENCY: '1',
      PROVIDER_FAL_POLL_MS: '1',
      PROVIDER_ADAPTER_DRAIN_GRACE: '1ms',
      FETCH_ALLOWED_ORIGINS: bfl.origin,
      ...(await open(stack)),
    };
    const start = async () => {
      const adapter = await spawnAdapter(stage, env);
      adapters.add(adapter);
      return adapter;
    };
    world = { stage, start, openai, bfl, fal };
  });

  afterEach(async () => {
    for (const adapter of adapters) await kill(adapter);
    adapters.clear();
  });

  afterAll(async () => {
    await stack.disposeAsync();
  });

  return () => world;
}

async function kill(adapter: Adapter): Promise<void> {
  adapter.clients[Symbol.dispose]();
  adapter.process.kill('SIGKILL');
  await adapter.exited;
}

/** Has candidates made by an adapter. What comes of it where the adapter dies is of no interest. */
function make(world: World, adapter: Adapter, model: string, ...keys: string[]) {
  const request = { model: `models/${model}`, prompt: 'a red apple on a table' };
  const candidates = keys.map((key) => ({ key }));
  const told = generate(adapter.clients, { request, candidates }, { principal: world.stage.caller() });
  told.catch(() => {});
  return told;
}

/** Asks for a candidate, and waits until it stands in line. */
async function standInLine(world: World, { clients }: Adapter, model: string, key: string): Promise<void> {
  const request = { model: `models/${model}`, prompt: 'a red apple on a table' };
  const call = { principal: world.stage.caller() };
  for await (const { event } of clients.generation.generateImages({ request, candidates: [{ key }] }, call)) {
    if (event.case === 'progress' && event.value.phase === 'queued') return;
  }
}

/** Has the job that a vendor has not ended yet end with a picture. */
async function finishJob(bfl: ScriptedServer, id: string): Promise<void> {
  const sample = bfl.host(await picture('#c03020', 'image/png'));
  bfl.memory.set(id, { status: 'Ready', result: { sample, seed: 7 } });
}

function survivesKill(opened: () => World): void {
  test('a submit that nobody can look up ends as unknown, billed as an estimate, and is not made again', async () => {
    const world = opened();
    const first = await world.start();
    world.openai.play([{ kind: 'pending' }]);
    make(world, first, 'gpt-image-2', 'sync');
    await world.openai.seen(openaiScript.isSubmit);
    await kill(first);
    const { results } = await make(world, await world.start(), 'gpt-image-2', 'sync');
    expect(results.get('sync')).toMatchObject({
      state: CandidateState.FAILED,
      failure: { class: FailureClass.UNKNOWN_OUTCOME },
      replayed: true,
    });
    const bases = results.get('sync')?.usage.map(({ cost }) => cost?.basis);
    expect([...new Set(bases)]).toEqual([CostBasis.ESTIMATED]);
    expect(world.openai.submits).toBe(1);
  });

  test('a job whose id is known is followed to its end, and what stood in line behind it is made once', async () => {
    const world = opened();
    const first = await world.start();
    world.bfl.play([
      { kind: 'pending' },
      { kind: 'images', images: [await picture('#2040c0', 'image/png')] },
    ]);
    make(world, first, 'flux-2-pro', 'job');
    await world.bfl.seen(isLook);
    // There is place for one request at a time.
    await standInLine(world, first, 'flux-2-pro', 'queued');
    await kill(first);
    await finishJob(world.bfl, 'task-0');
    const second = await world.start();
    const told = await Promise.all(['job', 'queued'].map((key) => make(world, second, 'flux-2-pro', key)));
    for (const { results } of told) {
      for (const result of results.values()) expect(result.state).toBe(CandidateState.SUCCEEDED);
    }
    expect(world.bfl.submits).toBe(2);
  });
}

describe('kill -9, with the journal on local disk', () => {
  survivesKill(worlds(async () => ({})));
});

describeWith(programs.redis, 'kill -9, with the journal in Redis', () => {
  const opened = worlds(async (stack) => {
    const redis = stack.use(await startRedis());
    return { REDIS_URL: redis.url, ...LEASE };
  });
  survivesKill(opened);

  test('the other replica waits for the one at work, and takes over when that dies', async () => {
    const world = opened();
    const [first, second] = await Promise.all([world.start(), world.start()]);
    world.bfl.play([{ kind: 'pending' }]);
    make(world, first, 'flux-2-pro', 'taken-over');
    await world.bfl.seen(isLook);
    const waiting = make(world, second, 'flux-2-pro', 'taken-over');
    await kill(first);
    await finishJob(world.bfl, 'task-0');
    expect((await waiting).results.get('taken-over')).toMatchObject({
      state: CandidateState.SUCCEEDED,
      providerJobId: 'task-0',
      replayed: true,
    });
    expect(world.bfl.submits).toBe(1);
  });

  test('a replica that is told to stop hands its work over', async () => {
    const world = opened();
    const [first, second] = await Promise.all([world.start(), world.start()]);
    world.bfl.play([{ kind: 'pending' }]);
    make(world, first, 'flux-2-pro', 'handed-over');
    await world.bfl.seen(isLook);
    const waiting = make(world, second, 'flux-2-pro', 'handed-over');
    first.process.kill('SIGTERM');
    expect(await first.exited).toBe(0);
    await finishJob(world.bfl, 'task-0');
    expect((await waiting).results.get('handed-over')).toMatchObject({ state: CandidateState.SUCCEEDED });
    expect(world.bfl.submits).toBe(1);
  });

  test('of two replicas that get the same call at once, one makes it and both give it', async () => {
    const world = opened();
    const replicas = await Promise.all([world.start(), world.start()]);
    world.bfl.play([{ kind: 'images', images: [await picture('#20a040', 'image/png')] }]);
    const told = await Promise.all(replicas.map((adapter) => make(world, adapter, 'flux-2-pro', 'both')));
    const digests = told.map(({ results }) => results.get('both')?.image?.sha256);
    expect(digests[0]).toMatch(/^[0-9a-f]{64}$/);
    expect(digests[1]).toBe(digests[0]);
    expect(world.bfl.submits).toBe(1);
  });

  test('cancelling at one replica reaches the provider through the other', async () => {
    const world = opened();
    const [first, second] = await Promise.all([world.start(), world.start()]);
    world.fal.play([{ kind: 'pending' }]);
    const told = make(world, first, 'fal-flux-dev', 'stop');
    await world.fal.seen(isLook);
    const call = { principal: world.stage.caller() };
    const { cancelledKeys } = await second.clients.generation.cancelGenerateImages(
      { keys: ['stop', 'unknown'] },
      call,
    );
    expect(cancelledKeys).toEqual(['stop']);
    expect((await told).results.get('stop')).toMatchObject({ state: CandidateState.CANCELLED });
    await world.fal.seen(({ method }) => method === 'PUT');
    expect(world.fal.submits).toBe(1);
  });
});
