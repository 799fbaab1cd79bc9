import { type Atelier, AtelierError, createAtelier, type GenerationInput } from '@atelier/client';
import { type ServiceName, serviceNames } from '@atelier/launch';
import { UsageKind } from '@atelier/protos/atelier/common/v1/money_pb.ts';
import {
  type Generation,
  GenerationState,
  Outcome,
  StopReason,
} from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { launchTestMesh, type TestMesh } from '../src/index.ts';
import { inPhase, isKind, reading } from './support/events.ts';

// Services that are killed, callers that leave, and generations that go on all the same.

const sharp = { id: 'sharp', text: 'Is it sharp?', required: true, check: { kind: 'sharpness' } };
/** No picture of the sandbox shows so many. */
const seven = {
  id: 'seven',
  text: 'Are there seven?',
  required: true,
  check: { kind: 'object_count', parameters: { count: 7 } },
};

let mesh: TestMesh;
let atelier: Atelier;

beforeAll(async () => {
  mesh = await launchTestMesh();
  atelier = createAtelier({ address: mesh.mesh.address, defaults: { project: 'outages' }, retries: 12 });
  await atelier.services.projects.createProject({
    project: { name: 'projects/outages', defaultModel: 'models/sandbox-slow', questions: [sharp] },
  });
}, 120_000);

afterAll(async () => {
  atelier?.close();
  await mesh?.[Symbol.asyncDispose]();
});

/** A test that fails leaves nothing down for the next. */
afterEach(async () => {
  await Promise.all(serviceNames.filter((name) => !mesh.mesh.service(name).running).map(revive));
});

const pids = () => serviceNames.map((name) => mesh.mesh.service(name).pid);
const kill = (name: ServiceName) => mesh.mesh.service(name).stop('SIGKILL');

async function revive(name: ServiceName): Promise<void> {
  const service = mesh.mesh.service(name);
  service.start();
  await service.ready();
}

/** A picture that takes so many milliseconds. */
function slow(delay: number, more: Partial<GenerationInput> = {}): GenerationInput {
  const providerOptions = { sandbox: { delay_ms: delay } };
  return { brief: 'a red ball', parameters: { providerOptions }, ...more } as GenerationInput;
}

/** What was made for a generation: names of images, and lines of the ledger. */
async function madeFor(generation: Generation) {
  const { images } = await again(() => atelier.services.images.listImages({ generation: generation.name }));
  const charged = generation.usage.filter(({ kind }) => kind === UsageKind.IMAGE);
  return { images: images.map(({ ref }) => ref?.name ?? '').sort(), charged: charged.length };
}

const imagesOf = ({ rounds }: Generation) =>
  rounds.flatMap((round) => round.candidates.map(({ image }) => image?.name ?? '')).sort();

/** A call that needs the service, over the gateway. */
const needs: Readonly<Record<Exclude<ServiceName, 'gateway'>, () => Promise<unknown>>> = {
  storage: () => atelier.services.projects.getProject({ name: 'projects/outages' }, FAST),
  'prompt-template': () => atelier.services.templates.listTemplates({}, FAST),
  'provider-adapter': () => atelier.services.catalog.listModels({}, FAST),
  evaluator: () => atelier.services.evaluation.listJudges({}, FAST),
};

/** A call that does not fail fast comes to DEADLINE_EXCEEDED. */
const FAST = { timeoutMs: 5_000 };

async function failure(call: Promise<unknown>): Promise<AtelierError> {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof AtelierError)) throw new Error('the call did not fail', { cause: error });
  return error;
}

/** Asks again while the service is away, or slow on a busy machine: a channel finds its service within two seconds. */
async function again<T>(call: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    try {
      return await call();
    } catch (error) {
      const isAway =
        error instanceof AtelierError && ['UNAVAILABLE', 'DEADLINE_EXCEEDED'].includes(error.codeName);
      if (!isAway || Date.now() > deadline) throw error;
    }
  }
}

describe('a service that is away', () => {
  const inner = Object.entries(needs) as [Exclude<ServiceName, 'gateway'>, () => Promise<unknown>][];

  test.each(inner)('%s: calls fail fast and say so, until it is back', async (name, call) => {
    const before = pids();
    await again(call);
    await kill(name);
    const { codeName, reason, metadata } = await failure(call());
    expect([codeName, reason, metadata.service]).toEqual(['UNAVAILABLE', 'SERVICE_UNREACHABLE', name]);
    const create = await failure(atelier.services.generations.createGeneration(created('x'), FAST));
    expect([create.codeName, create.reason, create.metadata.service]).toEqual([
      'UNAVAILABLE',
      'SERVICE_UNREACHABLE',
      name,
    ]);
    await revive(name);
    await again(call);
    const after = pids();
    const restarted = serviceNames.filter((_, index) => before[index] !== after[index]);
    expect(restarted).toEqual([name]);
  });

  test('gateway: calls fail fast, until it is back', async () => {
    const before = pids();
    const call = () => atelier.services.teams.listTeams({}, FAST);
    await kill('gateway');
    expect((await failure(call())).codeName).toBe('UNAVAILABLE');
    await revive('gateway');
    await again(call);
    const after = pids();
    expect(serviceNames.filter((_, index) => before[index] !== after[index])).toEqual(['gateway']);
  });

  function created(prompt: string) {
    const brief = { input: { case: 'prompt' as const, value: prompt } };
    return { generation: { project: 'projects/outages', brief, questions: [seven] } };
  }
});

describe('a generation under way goes on after', () => {
  test.each([
    // The adapter holds the picture until storage is back.
    'storage',
    'provider-adapter',
    'evaluator',
  ] as const)('%s was killed while the image was made', async (name) => {
    const events = reading(atelier.stream(slow(1_500)));
    await events.until(inPhase('running'));
    await kill(name);
    const { event } = await events.until(inPhase('paused'));
    expect(event.value).toMatchObject({ message: `The ${name} service is away; it goes on by itself.` });
    await revive(name);
    const generation = await events.end();
    expect([generation.outcome, generation.rounds.length]).toEqual([Outcome.APPROVED, 1]);
    expect(await madeFor(generation)).toEqual({ images: imagesOf(generation), charged: 1 });
  });

  test('prompt-template was killed while a prompt was to be refined', async () => {
    const policy = { maxRounds: 2 } as never;
    const events = reading(atelier.stream(slow(1_500, { questions: [seven] as never, policy })));
    await events.until(inPhase('running'));
    await kill('prompt-template');
    await events.until(inPhase('paused'));
    await revive('prompt-template');
    const generation = await events.end();
    expect([generation.outcome, generation.rounds.length]).toEqual([Outcome.EXHAUSTED, 2]);
    expect(generation.rounds[1]?.prompt?.text).not.toBe(generation.rounds[0]?.prompt?.text);
    expect(await madeFor(generation)).toEqual({ images: imagesOf(generation), charged: 2 });
  });

  test('every service but the gateway was killed, one after the other', async () => {
    const events = reading(atelier.stream(slow(2_000, { parameters: { count: 2 } })));
    await events.until(isKind('promptReady'));
    for (const name of ['evaluator', 'prompt-template', 'provider-adapter', 'storage'] as const) {
      await kill(name);
      await revive(name);
    }
    const generation = await events.end();
    expect([generation.outcome, generation.results.length]).toEqual([Outcome.APPROVED, 2]);
    expect(await madeFor(generation)).toEqual({ images: imagesOf(generation), charged: 2 });
  });
});

describe('a gateway that is killed in mid-cycle and started again', () => {
  test('keeps what was made, and makes the rest', async () => {
    const requestId = 'killed-after-a-round';
    const input = {
      requestId,
      brief: 'three red apples',
      // With a seed of its own: what is drawn must fail in every run.
      model: 'studio-standard',
      parameters: { count: 2, seed: 7n },
      questions: [seven] as never,
      policy: { maxRounds: 3, candidatesPerRound: 2 } as never,
    };
    const events = reading(atelier.stream(input));
    const seen: string[] = [];
    await events.until((event) => {
      if (event.case === 'candidateJudged') seen.push(event.value.candidate?.image?.name ?? '');
      return seen.length === 2;
    });
    await kill('gateway');
    await events.close();
    await revive('gateway');
    const generation = await atelier.generate(input);
    expect(generation.state).toBe(GenerationState.ENDED);
    expect(generation.rounds.length).toBeGreaterThan(1);
    const first = generation.rounds[0]?.candidates.map(({ image }) => image?.name).sort();
    expect(first).toEqual(seen.sort());
    expect(await madeFor(generation)).toEqual({
      images: imagesOf(generation),
      charged: imagesOf(generation).length,
    });
  });

  test('attaches to the image that is being made', async () => {
    const input = slow(2_500, { requestId: 'killed-within-a-round' });
    const events = reading(atelier.stream(input));
    const { generation: name } = await events.until(inPhase('running'));
    await kill('gateway');
    await events.close();
    await revive('gateway');
    const generation = await again(() => atelier.generate(input));
    expect([generation.name, generation.outcome]).toEqual([name, Outcome.APPROVED]);
    expect(await madeFor(generation)).toEqual({ images: imagesOf(generation), charged: 1 });
    expect(imagesOf(generation)).toHaveLength(1);
  });

  test('replays the same numbered events', async () => {
    const events = reading(atelier.stream(slow(800)));
    const { name } = await events.end();
    const numbered = async () => {
      const lines: string[] = [];
      for await (const { number, event } of atelier.watch(name))
        if (number > 0n) lines.push(`${number} ${event.case}`);
      return lines;
    };
    const before = await numbered();
    expect(before.map((line) => line.split(' ')[0])).toEqual(before.map((_, index) => String(index + 1)));
    await kill('gateway');
    await revive('gateway');
    expect(await numbered()).toEqual(before);
  });
});

describe('a caller', () => {
  test('that leaves finds its generation by the same request id', async () => {
    const input = slow(1_000, { requestId: 'left-and-came-back' });
    const leaving = new AbortController();
    const events = reading(atelier.stream(input, { signal: leaving.signal }));
    const { generation: name } = await events.until(inPhase('running'));
    leaving.abort();
    await expect(events.end()).rejects.toThrow();
    const generation = await atelier.generate(input);
    expect([generation.name, generation.outcome]).toEqual([name, Outcome.APPROVED]);
    expect(await madeFor(generation)).toEqual({ images: imagesOf(generation), charged: 1 });
    const { existing } = await atelier.services.generations.createGeneration({
      generation: { ...(generation.request as object), requestId: input.requestId as string },
    } as never);
    expect(existing).toBe(true);
  });

  test('whose deadline passes is told what goes on', async () => {
    const input = slow(1_500, { requestId: 'too-late' });
    const { codeName, metadata } = await failure(atelier.generate(input, { timeoutMs: 800 }));
    expect(codeName).toBe('DEADLINE_EXCEEDED');
    const generation = await atelier.waitForResult(metadata.generation ?? '');
    expect(generation.outcome).toBe(Outcome.APPROVED);
  });

  test('that cancels ends the generation, at the provider too', async () => {
    const events = reading(atelier.stream(slow(60_000)));
    const { generation: name } = await events.until(inPhase('running'));
    await atelier.services.generations.cancelGeneration({ name, reason: 'Not wanted.' });
    const generation = await events.end();
    expect([generation.outcome, generation.stopReason]).toEqual([Outcome.CANCELLED, StopReason.CANCELLED]);
    expect(await madeFor(generation)).toEqual({ images: [], charged: 0 });
  });

  test('that asked for it cancels by leaving', async () => {
    const policy = { onDisconnect: 2 } as never;
    const leaving = new AbortController();
    const events = reading(atelier.stream(slow(60_000, { policy }), { signal: leaving.signal }));
    const { generation: name } = await events.until(inPhase('running'));
    leaving.abort();
    const { outcome } = await atelier.waitForResult(name);
    expect(outcome).toBe(Outcome.CANCELLED);
  });
});

test('after all of it the ledger has every image, and each once', async () => {
  const project = 'projects/outages';
  const { images } = await atelier.services.images.listImages({ project, pageSize: 500 });
  const { total } = await atelier.services.usage.queryUsage({ query: { project } });
  expect(total?.images).toBe(BigInt(images.length));
});
