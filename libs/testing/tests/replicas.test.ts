import { type Atelier, createAtelier } from '@atelier/client';
import {
  type EvaluateImageResponse,
  EvaluationService,
  Priority,
} from '@atelier/protos/atelier/evaluation/v1/evaluation_service_pb.ts';
import { type Generation, Outcome } from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import {
  type Channel,
  type Client,
  Code,
  checkHealth,
  createClient,
  isRpcError,
  openChannel,
  type RpcError,
} from '@atelier/rpc';
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { launchTestMesh, startDns, type TestDns, type TestMesh } from '../src/index.ts';
import { commonPort, type EvaluatorReplica, startEvaluator } from './support/evaluators.ts';
import { inPhase, reading } from './support/events.ts';
import { eventually } from './support/eventually.ts';
import { type Gate, startGate } from './support/gate.ts';

// Replicas of the evaluator behind one name, as a platform team runs them: a DNS name with one address for each, the same
// port at all, and a gateway that is never restarted. The gate stands where evaluators fetch images.

/** A thousand evaluations of real pictures take their time on a busy machine. */
jest.setTimeout(300_000);

const NAME = 'evaluator.test';
const HOSTS = ['127.0.0.2', '127.0.0.3', '127.0.0.4', '127.0.0.5'] as const;

const questions = [
  { id: 'sharp', text: 'Is it sharp?', required: true, check: { kind: 'sharpness' } },
  { id: 'there', text: 'Is something there?', required: true, check: { kind: 'not_blank' } },
];

let dns: TestDns;
let gate: Gate;
let mesh: TestMesh;
let ports: { readonly grpc: number; readonly metrics: number };
let atelier: Atelier;
let channel: Channel;
let evaluation: Client<typeof EvaluationService>;
/** What there is to judge, and how it is judged. */
let images: readonly string[];
let replicas: EvaluatorReplica[] = [];

beforeAll(async () => {
  dns = await startDns(NAME);
  gate = await startGate();
  ports = { grpc: await commonPort(HOSTS), metrics: await commonPort(HOSTS) };
  mesh = await launchTestMesh(
    {},
    {
      services: ['storage', 'prompt-template', 'provider-adapter', 'gateway'],
      serviceEnv: {
        gateway: {
          EVALUATOR_URL: `dns://${dns.address}/${NAME}:${ports.grpc}`,
          GRPC_NODE_USE_ALTERNATIVE_RESOLVER: 'true',
        },
        storage: { STORAGE_INTERNAL_URL: gate.url },
      },
    },
  );
  gate.leadTo(`http://127.0.0.1:${mesh.mesh.ports.storageHttp}`);
  atelier = createAtelier({ address: mesh.mesh.address, defaults: { project: 'replicas' } });
  // Without the retries that callers have, so that whatever the gateway loses is seen.
  channel = openChannel(mesh.mesh.address, { services: [] });
  evaluation = createClient(EvaluationService, channel);
  await scaleTo(HOSTS.slice(0, 3));
  await atelier.services.projects.createProject({
    project: { name: 'projects/replicas', defaultModel: 'models/studio-standard', questions },
  });
  images = (await generations(4)).map(({ results }) => results[0]?.image?.name ?? '');
});

afterAll(async () => {
  gate?.open();
  channel?.close();
  atelier?.close();
  await mesh?.[Symbol.asyncDispose]();
  await gate?.[Symbol.asyncDispose]();
  await dns?.[Symbol.asyncDispose]();
});

/** A test that fails keeps nothing waiting for the next. */
afterEach(() => gate.open());

/** Connections end after three seconds, so that a test need not wait a minute for what production does. */
const YOUNG = { EVALUATOR_WORKERS: '1', EVALUATOR_MAX_CONNECTION_AGE: '3s', EVALUATOR_DRAIN_GRACE: '60s' };

/** Replicas at these addresses, and no others. */
async function scaleTo(hosts: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<void> {
  await Promise.all(replicas.map(({ process }) => process.stop()));
  replicas = await Promise.all(
    hosts.map((host) => startEvaluator(mesh.mesh, host, ports, { ...YOUNG, ...env })),
  );
  dns.answer(hosts);
}

const at = (host: string) => replicas.find((replica) => replica.host === host) as EvaluatorReplica;

/** How many evaluations each replica has answered. */
const counts = () => Promise.all(replicas.map((replica) => replica.answered()));

function generations(count: number): Promise<Generation[]> {
  const colours = ['red', 'green', 'blue', 'yellow', 'orange', 'purple'];
  return Promise.all(
    Array.from({ length: count }, (_, index) =>
      atelier.generate({
        brief: `a ${colours[index % colours.length]} ball`,
        parameters: { seed: BigInt(index) },
      }),
    ),
  );
}

function evaluate(index: number, more: { readonly priority?: Priority } = {}) {
  const image = images[index % images.length] ?? '';
  return evaluation.evaluateImage({ image, questions, ...more }, { timeoutMs: 120_000 });
}

/** So many callers, each of whom asks for one evaluation after the other until it is enough. */
function load(callers: number, isEnough: (asked: number) => boolean) {
  let asked = 0;
  const answers: EvaluateImageResponse[] = [];
  const caller = async () => {
    while (!isEnough(asked)) {
      asked += 1;
      answers.push(await evaluate(asked));
    }
  };
  const done = Promise.all(Array.from({ length: callers }, caller));
  return { asked: () => asked, answers, done };
}

/** Whichever replica answers, an image has the same answers. */
function expectSame(answers: readonly EvaluateImageResponse[]): void {
  const seen = new Map<string, Set<string>>();
  for (const { image, answers: given } of answers) {
    const told = given.map(({ questionId, pYes, verdict }) => `${questionId} ${pYes} ${verdict}`).join();
    seen.set(image?.name ?? '', (seen.get(image?.name ?? '') ?? new Set()).add(told));
  }
  expect([...seen.keys()].sort()).toEqual([...images].sort());
  for (const told of seen.values()) expect(told.size).toBe(1);
}

/** Every image that was made was judged, and every generation has its end. */
function expectJudged(ended: readonly Generation[]): void {
  for (const { outcome, rounds } of ended) {
    expect([Outcome.APPROVED, Outcome.EXHAUSTED]).toContain(outcome);
    for (const { image, answers, failure } of rounds.flatMap(({ candidates }) => candidates)) {
      expect([image?.name, failure]).toEqual([expect.stringContaining('images/'), undefined]);
      expect(answers.map(({ questionId }) => questionId)).toEqual(questions.map(({ id }) => id));
    }
  }
}

/** Resolves once the gateway has found every replica that runs. */
async function found(): Promise<void> {
  for (const replica of replicas) {
    await eventually(`the gateway finds ${replica.host}`, async () => {
      // There may be none that it knows for a moment.
      await evaluate(0).catch((error: unknown) => {
        if (!isRpcError(error, Code.UNAVAILABLE)) throw error;
      });
      return (await replica.answered()) > 0;
    });
  }
}

async function expectFairShares(calls: number): Promise<void> {
  const before = await counts();
  const loaded = load(24, (asked) => asked >= calls);
  await loaded.done;
  expect(loaded.answers).toHaveLength(calls);
  expectSame(loaded.answers);
  const shares = (await counts()).map((count, index) => (count - (before[index] ?? 0)) / calls);
  expect(shares.reduce((total, share) => total + share)).toBeCloseTo(1);
  for (const share of shares) expect(share).toBeGreaterThan(0.5 / replicas.length);
}

describe('replicas behind one name', () => {
  test('load spreads', async () => {
    await found();
    await expectFairShares(300);
    expectJudged(await generations(12));
  });

  test('one that is killed under load loses nothing, and is left out', async () => {
    const killed = at(HOSTS[1]);
    const before = await killed.answered();
    const cycles = generations(12);
    const loaded = load(48, (asked) => asked >= 400);
    await eventually('it is in the middle of work', async () => (await killed.answered()) > before + 20);
    await killed.process.stop('SIGKILL');
    await loaded.done;
    expect(loaded.answers).toHaveLength(loaded.asked());
    expectSame(loaded.answers);
    expectJudged(await cycles);
    replicas = replicas.filter((replica) => replica !== killed);
    // DNS still has its address.
    await expectFairShares(100);
  });

  test('one that is added under load is used, and the gateway goes on', async () => {
    const gateway = mesh.mesh.service('gateway').pid;
    let isEnough = false;
    const loaded = load(24, () => isEnough);
    const added = await startEvaluator(mesh.mesh, HOSTS[3], ports, YOUNG);
    replicas.push(added);
    dns.answer(replicas.map(({ host }) => host));
    try {
      await eventually('it has its share', async () => (await added.answered()) > 50);
    } finally {
      isEnough = true;
      await loaded.done;
    }
    expect(loaded.answers).toHaveLength(loaded.asked());
    await expectFairShares(200);
    expect(mesh.mesh.service('gateway').pid).toBe(gateway);
  });

  test('one that is stopped ends what it has begun, and nothing is done twice', async () => {
    const stopped = at(HOSTS[0]);
    gate.close();
    const before = gate.asked.length;
    const calls = Array.from({ length: 30 }, (_, index) => evaluate(index));
    await eventually('all are with a replica', async () => {
      const held = await Promise.all(replicas.map((replica) => replica.inFlight()));
      return held.reduce((total, count) => total + count) === 30;
    });
    const ended = stopped.process.ended();
    const end = stopped.process.stop('SIGTERM', 90_000);
    using direct = openChannel(stopped.process.address, { services: [] });
    await eventually(
      'it takes no more',
      async () => (await checkHealth(direct).catch(() => '')) !== 'SERVING',
    );
    gate.open();
    expect(await Promise.all(calls)).toHaveLength(30);
    await end;
    expect(await ended).toBe('exit code 0');
    expect(gate.asked.length - before).toBe(30);
    replicas = replicas.filter((replica) => replica !== stopped);
  });
});

describe('replicas that are full', () => {
  /** One evaluation at a time and two that wait, at each of three. */
  const PLACES = 9;

  beforeAll(async () => {
    await scaleTo(HOSTS.slice(0, 3), { EVALUATOR_CONCURRENCY: '1', EVALUATOR_MAX_WAITING: '2' });
    await found();
  });

  const held = async () => {
    const counted = await Promise.all(replicas.map((replica) => replica.inFlight()));
    return counted.reduce((total, count) => total + count);
  };

  test('refuse at once and say when to come again', async () => {
    gate.close();
    const refused: RpcError[] = [];
    const calls = Array.from({ length: 30 }, (_, index) =>
      evaluate(index).catch((error: unknown) => void refused.push(error as RpcError)),
    );
    await eventually('the rest is refused', () => refused.length === 30 - PLACES);
    for (const error of refused) {
      expect([error.codeName, error.reason]).toEqual(['UNAVAILABLE', 'OVERLOADED']);
      expect(error.retryAfterMs).toBeGreaterThanOrEqual(100);
    }
    expect(await held()).toBe(PLACES);
    gate.open();
    const answers = (await Promise.all(calls)).filter((answer) => answer !== undefined);
    expect(answers).toHaveLength(PLACES);
    expect(refused).toHaveLength(30 - PLACES);
  });

  test('cycles wait for them, and all end', async () => {
    gate.close();
    const calls = Array.from({ length: PLACES }, (_, index) => evaluate(index));
    await eventually('every place is taken', async () => (await held()) === PLACES);
    const cycles = Array.from({ length: 6 }, () => reading(atelier.stream({ brief: 'a red ball' })));
    for (const cycle of cycles) await cycle.until(inPhase('paused'));
    gate.open();
    expectJudged(await Promise.all(cycles.map((cycle) => cycle.end())));
    expect(await Promise.all(calls)).toHaveLength(PLACES);
  });
});

test('interactive work goes before that of batches', async () => {
  await scaleTo([HOSTS[0]], { EVALUATOR_CONCURRENCY: '1' });
  await found();
  const [replica] = replicas as [EvaluatorReplica];
  gate.close();
  const before = gate.asked.length;
  const calls: Promise<unknown>[] = [];
  for (const priority of [Priority.INTERACTIVE, Priority.BATCH, Priority.BATCH, Priority.INTERACTIVE]) {
    calls.push(evaluate(calls.length, { priority }));
    await eventually('it waits', async () => (await replica.inFlight()) === calls.length);
  }
  gate.open();
  await Promise.all(calls);
  const order = gate.asked.slice(before).map((path) => images.findIndex((name) => path.includes(idOf(name))));
  expect(order).toEqual([0, 3, 1, 2]);
});

const idOf = (image: string) => image.replace('images/', '');
