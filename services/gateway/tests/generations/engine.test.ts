import { appendFile, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Verdict } from '@atelier/protos/atelier/evaluation/v1/answer_pb.ts';
import type { GenerationRequestSchema } from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import {
  type GenerationEvent,
  GenerationState,
  LadderStep,
  OnDisconnect,
  Outcome,
  StopReason,
} from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import {
  CandidateState,
  FailureClass,
} from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import { aborted, Code, generateMeshKeys, isRpcError } from '@atelier/rpc';
import type { Message, MessageInitShape } from '@bufbuild/protobuf';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type Host, type HostOptions, startHost } from './host.ts';
import { type Submission, Upstreams } from './upstreams.ts';

const { PASS, FAIL } = Verdict;
const keys = generateMeshKeys();

let directory: string;
let upstreams: Upstreams;
let hosts: Host[];

beforeAll(async () => {
  upstreams = await Upstreams.start(keys);
});

afterAll(async () => {
  await upstreams[Symbol.asyncDispose]();
});

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'engine-'));
  await upstreams.reset();
  hosts = [];
});

afterEach(async () => {
  for (const each of hosts) await each[Symbol.asyncDispose]();
  await rm(directory, { recursive: true, force: true });
});

async function host(options: Partial<HostOptions> = {}): Promise<Host> {
  const started = await startHost({ targets: upstreams.servers.targets, ...keys, directory, ...options });
  hosts.push(started);
  return started;
}

type Asked = Exclude<MessageInitShape<typeof GenerationRequestSchema>, Message>;

function asking(overrides: Asked = {}): { generation: Asked } {
  return {
    generation: {
      project: 'projects/cards',
      brief: { input: { case: 'prompt', value: 'three red apples' } },
      ...overrides,
    },
  };
}

/** The generation that a call gave. */
function given<T>({ generation }: { readonly generation?: T | undefined }): T {
  if (generation === undefined) throw new Error('no generation was given');
  return generation;
}

async function failure(call: Promise<unknown>) {
  try {
    await call;
  } catch (error) {
    if (isRpcError(error)) return error;
    throw error;
  }
  throw new Error('it did not fail');
}

/** A gate at which images wait until it is opened. */
function gate() {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { wait: () => promise.then(() => undefined), open: resolve };
}

async function collect(
  events: AsyncIterable<{ event?: GenerationEvent | undefined }>,
): Promise<GenerationEvent[]> {
  const seen: GenerationEvent[] = [];
  for await (const { event } of events) if (event !== undefined) seen.push(event);
  return seen;
}

const numbered = (events: readonly GenerationEvent[]) => events.filter(({ number }) => number > 0n);
const cases = (events: readonly GenerationEvent[]) => numbered(events).map(({ event }) => event.case);

describe('a whole cycle', () => {
  test('is generated, judged, refined, recorded and counted', async () => {
    const { client } = await host();
    upstreams.script.judge = ({ round }) =>
      round === 0 ? { subject: PASS, count: FAIL } : { subject: PASS, count: PASS };
    const request = asking({ subjectId: 'sku-1', parameters: { seed: 11n }, labels: { season: 'summer' } });
    const generation = given(await client.generate(request));

    expect(generation).toMatchObject({
      team: 'teams/t',
      state: GenerationState.ENDED,
      outcome: Outcome.APPROVED,
      stopReason: StopReason.ENOUGH_PASS,
      model: 'models/a',
      cost: { microUsd: 80n },
    });
    expect(generation.rounds.map(({ step, accepted }) => [step, accepted])).toEqual([
      [LadderStep.UNSPECIFIED, true],
      [LadderStep.REWRITE, true],
    ]);
    const [result] = generation.results;
    expect(result).toMatchObject({ approved: true, round: 1, index: 0 });
    expect(result?.image?.url).toContain('?signed');
    expect(result?.stableUrl).toBe(`http://gateway/${result?.image?.name}`);
    expect(generation.versions).toMatchObject({
      projectRevision: 4n,
      rubricVersion: 'rubrics/cards/versions/1',
      judges: ['builtin@1'],
      writers: ['rules@1'],
      models: ['models/a@3'],
      prices: ['models/a@1'],
    });

    const id = generation.name.slice('generations/'.length);
    expect(upstreams.submissions.map(({ key }) => key)).toEqual([`${id}/0/0/0`, `${id}/1/0/0`]);
    expect(upstreams.submissions[0]?.seed).toBe(11n);
    expect(upstreams.requests[0]?.lineage).toMatchObject({
      subjectId: 'sku-1',
      labels: { season: 'summer' },
      round: 0,
    });
    expect(upstreams.refinements[0]).toMatchObject({
      prompt: { text: 'expanded three red apples for models/a' },
      failed: [{ questionId: 'count' }],
      mustKeep: ['Is subject right?'],
    });
    expect(upstreams.revisions).toEqual([1n, 2n]);
    expect(upstreams.generations.get(generation.name)).toMatchObject({
      revision: 2n,
      outcome: Outcome.APPROVED,
    });
    const counted = [...upstreams.usage.values()];
    expect(counted.reduce((sum, { usage }) => sum + (usage?.cost?.microUsd ?? 0n), 0n)).toBe(80n);
    expect(counted.every(({ subjectId, keyId }) => subjectId === 'sku-1' && keyId === 'key-1')).toBe(true);
    expect(await readdir(join(directory, 'journal'))).toEqual(['archive']);
  });

  test('warns of what the prompt service left out, once, beforehand and in the record', async () => {
    const { client } = await host();
    upstreams.script.promptWarnings = ['2 clauses were left out', 'a term was added'];
    upstreams.script.judge = ({ round }) => ({ subject: round === 0 ? FAIL : PASS });
    const preview = await client.previewGeneration(asking());
    expect(preview.models[0]?.warnings).toEqual(upstreams.script.promptWarnings);
    const generation = given(await client.generate(asking()));
    expect(generation.rounds).toHaveLength(2);
    expect(generation.warnings).toEqual(upstreams.script.promptWarnings);
    expect(upstreams.generations.get(generation.name)?.warnings).toEqual(upstreams.script.promptWarnings);
    expect(upstreams.refinements[0]?.failed[0]?.expectsNo).toBe(false);
  });

  test('streams its events, and tells the same of them ever after', async () => {
    const { client } = await host();
    upstreams.script.judge = ({ round }) => ({ subject: round === 0 ? FAIL : PASS });
    const streamed = await collect(client.streamGenerate(asking()));
    expect(cases(streamed)).toEqual([
      'accepted',
      'roundStarted',
      'promptReady',
      'candidateReady',
      'candidateJudged',
      'promptRefined',
      'roundStarted',
      'promptReady',
      'candidateReady',
      'candidateJudged',
      'finished',
    ]);
    const name = streamed[0]?.generation ?? '';
    const transitions = numbered(streamed).slice(0, -1);
    expect((await collect(client.watchGeneration({ name }))).slice(0, -1)).toEqual(transitions);

    // A gateway that was started later knows them from the archive, and one without the archive from the record.
    const later = await host();
    const archived = await collect(later.client.watchGeneration({ name, afterEventNumber: 4n }));
    expect(archived.slice(0, -1)).toEqual(transitions.slice(4));
    await rm(join(directory, 'journal', 'archive'), { recursive: true });
    const derived = await collect(later.client.watchGeneration({ name }));
    expect(derived.map(({ number, event }) => [number, event.case])).toEqual(
      numbered(streamed).map(({ number, event }) => [number, event.case]),
    );
  });

  test('goes on with another model where one fails', async () => {
    const { client } = await host();
    upstreams.script.image = ({ model }) =>
      model === 'models/a'
        ? { state: CandidateState.FAILED, failure: { class: FailureClass.UNAVAILABLE } }
        : undefined;
    const generation = given(await client.generate(asking({ policy: { fallbackModels: ['models/b'] } })));
    expect(generation).toMatchObject({
      outcome: Outcome.APPROVED,
      model: 'models/b',
      cost: { microUsd: 40n },
    });
    expect(generation.rounds[0]?.prompt?.text).toContain('models/b');
    expect(upstreams.submissions.map(({ key }) => key.split('/').at(-1))).toEqual(['0', '1']);
  });

  test('asks again where the adapter lost a race with another replica', async () => {
    const { client } = await host();
    let races = 2;
    upstreams.script.accept = () => {
      races -= 1;
      if (races >= 0) throw aborted('Another replica is making it.');
    };
    const generation = given(await client.generate(asking()));
    expect(generation).toMatchObject({ outcome: Outcome.APPROVED });
    expect(races).toBe(-1);
  });

  test('runs under the model that an alias stands for', async () => {
    const { client } = await host();
    const generation = given(await client.generate(asking({ model: 'models/alias' })));
    expect(generation).toMatchObject({ outcome: Outcome.APPROVED, model: 'models/c' });
    expect(upstreams.submissions.map(({ model }) => model)).toEqual(['models/c']);
  });

  test('is not judged where there are no questions', async () => {
    const { client } = await host();
    const generation = given(
      await client.generate(asking({ project: 'projects/free', parameters: { count: 3 } })),
    );
    expect(generation).toMatchObject({ outcome: Outcome.UNJUDGED, stopReason: StopReason.NO_QUESTIONS });
    expect(generation.results).toHaveLength(3);
    expect(upstreams.judged).toHaveLength(0);
    expect(new Set(upstreams.submissions.map(({ seed }) => seed)).size).toBe(3);
  });
});

describe('what is refused', () => {
  const brief = { input: { case: 'variables' as const, value: { other: 1 } } };
  const rows: readonly [string, Asked, Partial<{ code: Code; reason: string; field: string }>][] = [
    ['a project that is not there', { project: 'projects/none' }, { code: Code.NOT_FOUND }],
    ['a project that is paused', { project: 'projects/paused' }, { reason: 'WRONG_STATE' }],
    ['no model at all', { project: 'projects/modelless' }, { field: 'generation.model' }],
    ['an unknown model', { model: 'models/unknown' }, { code: Code.NOT_FOUND }],
    [
      'a model that is not allowed',
      { project: 'projects/narrow', model: 'models/c' },
      { reason: 'MODEL_NOT_ALLOWED' },
    ],
    [
      'a fallback that is not allowed',
      { project: 'projects/narrow', policy: { fallbackModels: ['models/c'] } },
      { reason: 'MODEL_NOT_ALLOWED' },
    ],
    [
      'a parameter that the model does not know',
      { model: 'models/strict' },
      { reason: 'UNSUPPORTED_PARAMETER', field: 'generation.parameters.guidance' },
    ],
    ['an unknown rubric', { rubric: 'rubrics/unknown' }, { code: Code.NOT_FOUND }],
    [
      'a variable that is missing',
      { project: 'projects/templated', brief },
      { reason: 'VARIABLE_INVALID', field: 'generation.brief.variables["item"]' },
    ],
    ['variables without a template', { brief }, { field: 'generation.brief.variables' }],
    [
      'a question over a variable that is not there',
      { questions: [{ id: 'mood', text: 'Is it {{ nothing }}?' }] },
      { reason: 'VARIABLE_INVALID', field: 'generation.questions[0].text' },
    ],
    [
      'fewer candidates than results',
      { parameters: { count: 4 }, policy: { candidatesPerRound: 2 } },
      { reason: 'CONTRADICTORY_FIELDS', field: 'generation.policy.candidates_per_round' },
    ],
    [
      'a reference image that is not there',
      {
        parameters: {
          referenceImages: [
            { source: { case: 'image', value: 'images/0190a000-0000-7000-8000-000000000009' }, role: 1 },
          ],
        },
      },
      { code: Code.NOT_FOUND },
    ],
  ];

  test('whatever does not fit is refused by a typed error, and nothing is spent or kept', async () => {
    const { client, book } = await host();
    for (const [name, asked, expected] of rows) {
      const error = await failure(client.generate(asking(asked)));
      const fields = error.fieldViolations.map(({ field }) => field);
      const told = {
        name,
        ...('code' in expected && { code: error.code }),
        ...('reason' in expected && { reason: error.reason }),
        ...('field' in expected && { field: fields.join() }),
      };
      expect(told).toEqual({ name, ...expected });
    }
    expect(upstreams.submissions).toHaveLength(0);
    expect(upstreams.revisions).toHaveLength(0);
    expect(book.reserved({ team: 'teams/t', project: undefined })).toBe(0n);
    expect(await readdir(join(directory, 'journal'))).toEqual(['archive']);
  });

  test('a cap on the cost of a model without a price', async () => {
    const { client } = await host();
    upstreams.script.microUsd = undefined;
    const error = await failure(client.generate(asking({ policy: { maxCostMicroUsd: 100n } })));
    expect(error).toMatchObject({ code: Code.FAILED_PRECONDITION, reason: 'PRICE_UNKNOWN' });
  });

  test('more than a budget allows, before anything is spent', async () => {
    const limit = {
      source: 'budgets/b',
      team: 'teams/t',
      project: undefined,
      period: 'day' as const,
      isHard: true,
    };
    const { client, book } = await host({ limits: [{ ...limit, limitMicroUsd: 60n }] });
    upstreams.script.judge = () => ({ subject: FAIL });
    const generation = given(await client.generate(asking()));
    expect(generation).toMatchObject({ outcome: Outcome.EXHAUSTED, stopReason: StopReason.BUDGET_EXCEEDED });
    expect(upstreams.submissions).toHaveLength(1);
    const error = await failure(client.generate(asking()));
    expect(error).toMatchObject({ code: Code.RESOURCE_EXHAUSTED, reason: 'BUDGET_EXCEEDED' });
    expect(error.quotaViolations[0]?.subject).toBe('budgets/b');
    expect(upstreams.submissions).toHaveLength(1);
    expect(book.reserved({ team: 'teams/t', project: undefined })).toBe(0n);
  });

  test('storage that is away', async () => {
    const { client } = await host();
    await upstreams.servers.stop('storage');
    const error = await failure(client.createGeneration(asking()));
    expect(error).toMatchObject({ code: Code.UNAVAILABLE, metadata: { service: 'storage' } });
    expect(await readdir(join(directory, 'journal'))).toEqual(['archive']);
  });

  test('more than may wait', async () => {
    const { client } = await host({ settings: { maxRunning: 1, maxPending: 0 } });
    const held = gate();
    upstreams.script.image = held.wait;
    const { name } = given(await client.createGeneration(asking()));
    const error = await failure(client.createGeneration(asking(), { timeoutMs: 2_000 }));
    expect(error).toMatchObject({ code: Code.UNAVAILABLE, reason: 'OVERLOADED' });
    held.open();
    await collect(client.watchGeneration({ name }));
  });
});

describe('request_id', () => {
  test('the same id and body is the same generation, also for callers at once and after a restart', async () => {
    const first = await host();
    const request = asking({ requestId: 'r-1' });
    const [a, b] = await Promise.all([
      first.client.createGeneration(request),
      first.client.createGeneration(request),
    ]);
    expect([a.existing, b.existing].sort()).toEqual([false, true]);
    expect(given(a).name).toBe(given(b).name);
    await collect(first.client.watchGeneration({ name: given(a).name }));
    await first[Symbol.asyncDispose]();
    const second = await host();
    const again = await second.client.createGeneration(request);
    expect([again.existing, given(again).name]).toEqual([true, given(a).name]);
    expect(upstreams.submissions).toHaveLength(1);
  });

  test('the same id with another body is an error', async () => {
    const { client } = await host();
    await client.generate(asking({ requestId: 'r-1' }));
    const error = await failure(client.generate(asking({ requestId: 'r-1', subjectId: 'other' })));
    expect(error).toMatchObject({ code: Code.ALREADY_EXISTS, reason: 'REQUEST_ID_REUSED' });
  });

  test('an id whose creation failed may be used again', async () => {
    const { client } = await host();
    await failure(client.generate(asking({ requestId: 'r-1', model: 'models/strict' })));
    const generation = given(await client.generate(asking({ requestId: 'r-1' })));
    expect(generation.outcome).toBe(Outcome.APPROVED);
  });
});

describe('callers who leave', () => {
  test('a deadline only ends the waiting, and names what goes on', async () => {
    const { client } = await host();
    const held = gate();
    upstreams.script.image = held.wait;
    const request = asking({ requestId: 'late' });
    const { name } = given(await client.createGeneration(request));
    const error = await failure(client.generate(request, { timeoutMs: 1_500 }));
    expect(error).toMatchObject({ code: Code.DEADLINE_EXCEEDED, metadata: { generation: name } });
    expect(given(await client.getGeneration({ name })).state).toBe(GenerationState.RUNNING);
    held.open();
    const generation = given(await client.generate(request));
    expect(generation).toMatchObject({ name, outcome: Outcome.APPROVED });
    expect(upstreams.submissions).toHaveLength(1);
    expect(upstreams.cancelledKeys).toHaveLength(0);
  });

  test('a disconnect cancels where the caller chose so', async () => {
    const { client } = await host();
    upstreams.script.image = gate().wait;
    const leaving = new AbortController();
    const policy = { onDisconnect: OnDisconnect.CANCEL };
    const asked = failure(client.generate(asking({ policy, requestId: 'left' }), { signal: leaving.signal }));
    await upstreams.submitted(1);
    leaving.abort();
    expect((await asked).code).toBe(Code.CANCELLED);
    const { name } = given(await client.createGeneration(asking({ policy, requestId: 'left' })));
    const [last] = (await collect(client.watchGeneration({ name }))).slice(-1);
    expect(last?.event).toMatchObject({
      case: 'finished',
      value: { generation: { outcome: Outcome.CANCELLED } },
    });
    expect(upstreams.cancelledKeys).toHaveLength(1);
  });
});

describe('stopping', () => {
  test('a cancellation reaches the provider and keeps what was made', async () => {
    const { client } = await host();
    const held = gate();
    upstreams.script.image = ({ index }: Submission) => (index === 0 ? undefined : held.wait());
    const request = asking({ policy: { candidatesPerRound: 2 } });
    const { name } = given(await client.createGeneration(request));
    for await (const { event } of client.watchGeneration({ name })) {
      if (event?.event.case === 'candidateReady') break;
    }
    await client.cancelGeneration({ name, reason: 'no need' });
    const events = await collect(client.watchGeneration({ name }));
    expect(events.at(-1)?.event).toMatchObject({
      case: 'finished',
      value: { generation: { outcome: Outcome.CANCELLED, results: [{ round: 0, index: 0 }] } },
    });
    expect(upstreams.cancelledKeys).toEqual([expect.stringMatching(/\/0\/1\/0$/)]);
    const again = given(await client.cancelGeneration({ name, reason: 'twice' }));
    expect(again.outcome).toBe(Outcome.CANCELLED);
  });

  test('one that waits for its turn is cancelled at once, and its budget is free again', async () => {
    const { client, book } = await host({ settings: { maxRunning: 1 } });
    const held = gate();
    upstreams.script.image = held.wait;
    const running = given(await client.createGeneration(asking()));
    await upstreams.submitted(1);
    const waiting = given(await client.createGeneration(asking()));
    expect(given(await client.getGeneration({ name: waiting.name })).state).toBe(GenerationState.PENDING);
    await client.cancelGeneration({ name: waiting.name });
    const events = await collect(client.watchGeneration({ name: waiting.name }));
    expect(cases(events)).toEqual(['accepted', 'finished']);
    expect(book.reserved({ team: 'teams/t', project: undefined })).toBe(40n);
    held.open();
    await collect(client.watchGeneration({ name: running.name }));
    expect(upstreams.submissions).toHaveLength(1);
  });

  test('the time is over', async () => {
    const { client } = await host();
    upstreams.script.image = gate().wait;
    const policy = { maxDuration: { seconds: 1n } };
    const generation = given(await client.generate(asking({ policy })));
    expect(generation).toMatchObject({ outcome: Outcome.FAILED, stopReason: StopReason.MAX_DURATION });
    expect(upstreams.cancelledKeys).toEqual(upstreams.submissions.map(({ key }) => key));
  });

  test('what the provider does not tell of is given up after a while, and counted as an estimate', async () => {
    const { client } = await host({ settings: { cancelGraceMs: 50 } });
    const held = gate();
    upstreams.script.image = held.wait;
    const { name } = given(await client.createGeneration(asking()));
    await upstreams.submitted(1);
    await upstreams.servers.stop('provider-adapter');
    await client.cancelGeneration({ name });
    const generation = given(await endOf(client, name));
    expect(generation).toMatchObject({ outcome: Outcome.CANCELLED, cost: { microUsd: 40n } });
    expect(generation.rounds[0]?.candidates[0]).toMatchObject({
      state: CandidateState.CANCELLED,
      failure: { class: FailureClass.UNKNOWN_OUTCOME },
    });
    held.open();
  });
});

async function endOf(client: Host['client'], name: string) {
  await collect(client.watchGeneration({ name }));
  return client.getGeneration({ name });
}

describe('services that are away', () => {
  /** Watches until the generation is paused for a service. */
  async function paused(client: Host['client'], name: string): Promise<string> {
    for await (const { event } of client.watchGeneration({ name })) {
      const progress = event?.event.case === 'progress' ? event.event.value : undefined;
      if (progress?.phase === 'paused') return progress.message;
    }
    throw new Error('it was never paused');
  }

  test('a judge that is away pauses the cycle, and it goes on by itself', async () => {
    const { client } = await host();
    const held = gate();
    upstreams.script.image = held.wait;
    const { name } = given(await client.createGeneration(asking()));
    await upstreams.submitted(1);
    await upstreams.servers.stop('evaluator');
    const message = paused(client, name);
    held.open();
    expect(await message).toContain('evaluator');
    expect(given(await client.getGeneration({ name })).state).toBe(GenerationState.PAUSED);
    await upstreams.servers.start('evaluator');
    expect(given(await endOf(client, name)).outcome).toBe(Outcome.APPROVED);
  });

  test('an adapter that dies in mid-stream is attached to again under the same keys', async () => {
    const { client } = await host();
    const held = gate();
    upstreams.script.image = ({ index }) => (index === 0 ? undefined : held.wait());
    const { name } = given(await client.createGeneration(asking({ parameters: { count: 2 } })));
    await upstreams.submitted(2);
    const waiting = paused(client, name);
    await upstreams.servers.stop('provider-adapter');
    await waiting;
    held.open();
    await upstreams.servers.start('provider-adapter');
    const generation = given(await endOf(client, name));
    expect(generation).toMatchObject({ outcome: Outcome.APPROVED, cost: { microUsd: 80n } });
    expect(upstreams.submissions).toHaveLength(2);
    expect(upstreams.requests.length).toBeGreaterThan(1);
  });

  test('storage that is away at the end delays the end, and nothing is lost', async () => {
    const { client } = await host();
    const held = gate();
    upstreams.script.judge = async () => {
      await held.wait();
      return { subject: PASS };
    };
    const { name } = given(await client.createGeneration(asking()));
    await upstreams.submitted(1);
    await upstreams.servers.stop('storage');
    const message = paused(client, name);
    held.open();
    expect(await message).toContain('storage');
    await upstreams.servers.start('storage');
    expect(given(await endOf(client, name))).toMatchObject({ revision: 2n, outcome: Outcome.APPROVED });
    expect(upstreams.usage.size).toBe(3);
  });

  test('a judge that cannot judge for good never counts as a pass', async () => {
    const { client } = await host();
    upstreams.script.judge = () => {
      throw new Error('the judge is broken');
    };
    const generation = given(await client.generate(asking()));
    expect(generation).toMatchObject({
      outcome: Outcome.NEEDS_REVIEW,
      stopReason: StopReason.NOTHING_TO_REFINE,
      results: [{ approved: false }],
    });
    expect(generation.warnings.join()).toContain('could not be judged');
  });
});

describe('the process', () => {
  test('that drains leaves its cycles to the next, which makes nothing again', async () => {
    const first = await host();
    const held = gate();
    upstreams.script.image = ({ index }) => (index === 0 ? undefined : held.wait());
    const { name } = given(await first.client.createGeneration(asking({ parameters: { count: 2 } })));
    const before: GenerationEvent[] = [];
    for await (const { event } of first.client.watchGeneration({ name })) {
      if (event !== undefined) before.push(event);
      if (event?.event.case === 'candidateReady') break;
    }
    await first[Symbol.asyncDispose]();
    held.open();
    const second = await host();
    const events = await collect(second.client.watchGeneration({ name }));
    expect(numbered(events).slice(0, numbered(before).length)).toEqual(numbered(before));
    expect(given(await second.client.getGeneration({ name })).outcome).toBe(Outcome.APPROVED);
    expect(upstreams.submissions).toHaveLength(2);
    expect(new Set(upstreams.submissions.map(({ key }) => key)).size).toBe(2);
  });

  test('that drains tells those who wait', async () => {
    const { client, engine } = await host();
    const held = gate();
    upstreams.script.image = held.wait;
    const waiting = failure(client.generate(asking()));
    await upstreams.submitted(1);
    await engine.drain();
    expect(await waiting).toMatchObject({ code: Code.UNAVAILABLE, reason: 'DRAINING' });
    const refused = await failure(client.createGeneration(asking(), { timeoutMs: 2_000 }));
    expect(refused).toMatchObject({ code: Code.UNAVAILABLE, reason: 'DRAINING' });
    held.open();
  });
});

describe('what is lost', () => {
  test('a generation without a journal ends FAILED, and is never run again', async () => {
    const first = await host();
    const held = gate();
    upstreams.script.image = held.wait;
    const { name } = given(await first.client.createGeneration(asking()));
    await upstreams.submitted(1);
    await first[Symbol.asyncDispose]();
    await rm(join(directory, 'journal'), { recursive: true });
    const second = await host();
    await upstreams.ended(name);
    const generation = given(await second.client.getGeneration({ name }));
    expect(generation).toMatchObject({ outcome: Outcome.FAILED, stopReason: StopReason.COORDINATION_LOST });
    const events = await collect(second.client.watchGeneration({ name }));
    expect(cases(events)).toEqual(['accepted', 'finished']);
    expect(upstreams.submissions).toHaveLength(1);
    held.open();
  });

  test('one with a journal that cannot be read is left to the operator', async () => {
    const first = await host();
    const held = gate();
    upstreams.script.image = held.wait;
    const { name } = given(await first.client.createGeneration(asking()));
    await upstreams.submitted(1);
    await first[Symbol.asyncDispose]();
    await appendFile(join(directory, 'journal', `${name.slice('generations/'.length)}.jsonl`), '{"v":99}\n');
    const second = await host();
    const other = given(await second.client.createGeneration(asking({ project: 'projects/free' })));
    held.open();
    await upstreams.ended(other.name);
    expect(given(await second.client.getGeneration({ name })).state).toBe(GenerationState.PENDING);
    const error = await failure(collect(second.client.watchGeneration({ name })));
    expect(error).toMatchObject({ code: Code.ABORTED, reason: 'COORDINATION_LOST' });
  });
});

describe('another team', () => {
  const other = { headers: { 'x-team': 'teams/other' } };

  test('sees nothing of it, running or ended', async () => {
    const { client } = await host();
    const held = gate();
    upstreams.script.image = held.wait;
    const { name } = given(await client.createGeneration(asking()));
    const attempts = () => [
      failure(client.getGeneration({ name }, other)),
      failure(client.cancelGeneration({ name }, other)),
      failure(collect(client.watchGeneration({ name }, other))),
    ];
    for (const error of await Promise.all(attempts())) expect(error.code).toBe(Code.NOT_FOUND);
    held.open();
    await collect(client.watchGeneration({ name }));
    for (const error of await Promise.all(attempts())) expect(error.code).toBe(Code.NOT_FOUND);
  });
});

describe('looking', () => {
  test('lists what runs in its live state', async () => {
    const { client } = await host();
    const held = gate();
    upstreams.script.image = held.wait;
    const { name } = given(await client.createGeneration(asking()));
    await upstreams.submitted(1);
    const { generations } = await client.listGenerations({ state: GenerationState.RUNNING });
    expect(generations.map((each) => [each.name, each.state, each.rounds.length])).toEqual([
      [name, GenerationState.RUNNING, 0],
    ]);
    held.open();
    await collect(client.watchGeneration({ name }));
    expect((await client.listGenerations({ state: GenerationState.RUNNING })).generations).toEqual([]);
  });

  test('previews per model, with problems in place of errors, and spends nothing', async () => {
    const { client } = await host();
    const request = asking({ policy: { maxRounds: 4, candidatesPerRound: 2 } });
    const preview = await client.previewGeneration({ ...request, models: ['models/a', 'models/strict'] });
    expect(preview.models).toMatchObject([
      {
        model: 'models/a',
        receipt: { modelRevision: 3n },
        roundEstimate: { microUsd: 80n },
        totalEstimate: { microUsd: 480n },
        problems: [],
        prompt: { text: 'three red apples' },
      },
      {
        model: 'models/strict',
        problems: [{ field: 'generation.parameters.guidance', reason: 'UNSUPPORTED_PARAMETER' }],
      },
    ]);
    expect(preview.questions.map(({ id }) => id)).toEqual(['subject']);
    expect(preview.effectivePolicy).toMatchObject({ maxRounds: 4, plateauRounds: 2 });
    expect(preview.versions).toMatchObject({
      models: ['models/a@3'],
      rubricVersion: 'rubrics/cards/versions/1',
    });
    expect(upstreams.submissions).toHaveLength(0);
    expect((await failure(client.previewGeneration(asking({ project: 'projects/none' })))).code).toBe(
      Code.NOT_FOUND,
    );
  });
});
