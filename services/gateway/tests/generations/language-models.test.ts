import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type UsageEvent, UsageKind, UsageReportSchema } from '@atelier/protos/atelier/common/v1/money_pb.ts';
import { ReferenceRole, Task } from '@atelier/protos/atelier/common/v1/parameters_pb.ts';
import { Verdict } from '@atelier/protos/atelier/evaluation/v1/answer_pb.ts';
import {
  type GenerationRequestSchema,
  LadderStep,
  Outcome,
  StopReason,
} from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import { Code, generateMeshKeys, packDetail, unavailable } from '@atelier/rpc';
import type { Message, MessageInitShape } from '@bufbuild/protobuf';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type Host, type HostOptions, startHost } from './host.ts';
import { Upstreams } from './upstreams.ts';

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

type Asked = Exclude<MessageInitShape<typeof GenerationRequestSchema>, Message>;

async function generate(overrides: Asked = {}, options: Partial<HostOptions> = {}) {
  const host = await startHost({ targets: upstreams.servers.targets, ...keys, directory, ...options });
  hosts.push(host);
  const brief = { input: { case: 'prompt' as const, value: 'three red apples' } };
  const { generation } = await host.client.generate({
    generation: { project: 'projects/cards', brief, ...overrides },
  });
  if (generation === undefined) throw new Error('no generation was given');
  return { generation, host };
}

const limit = (limitMicroUsd: bigint) => ({
  source: 'budgets/day',
  team: 'teams/t',
  project: undefined,
  period: 'day' as const,
  limitMicroUsd,
  isHard: true,
});

const spent = (events: Iterable<UsageEvent>, kind: UsageKind) =>
  [...events]
    .filter(({ usage }) => usage?.kind === kind)
    .reduce((sum, { usage }) => sum + (usage?.cost?.microUsd ?? 0n), 0n);

describe('what prompts and judging cost', () => {
  test('is reserved before and counted after, in the ledger and in each candidate', async () => {
    upstreams.script.look = { bound: 30n, cost: 7n };
    upstreams.script.write = { bound: 20n, cost: 3n };
    upstreams.script.judge = ({ round }) => ({ subject: round === 0 ? FAIL : PASS });
    const { generation, host } = await generate({}, { limits: [limit(10_000n)] });
    expect(generation.cost?.microUsd).toBe(2n * (40n + 7n + 3n));
    expect(generation.rounds.map(({ cost }) => cost?.microUsd)).toEqual([50n, 50n]);
    expect(generation.rounds[1]?.promptUsage.map(({ cost }) => cost?.microUsd)).toEqual([3n]);
    expect(generation.rounds[1]?.candidates[0]?.cost?.microUsd).toBe(47n);
    expect(spent(upstreams.usage.values(), UsageKind.JUDGE)).toBe(14n);
    const team = { team: 'teams/t', project: undefined };
    expect([host.book.spent(team, 'day', new Date()), host.book.reserved(team)]).toEqual([100n, 0n]);
  });

  test('is refused before anything is paid where a budget has no room for it', async () => {
    upstreams.script.look = { bound: 500n, cost: 7n };
    await expect(generate({}, { limits: [limit(400n)] })).rejects.toMatchObject({
      reason: 'BUDGET_EXCEEDED',
    });
    expect([
      upstreams.submissions.length,
      hosts[0]?.book.reserved({ team: 'teams/t', project: undefined }),
    ]).toEqual([0, 0n]);
  });

  test('ends a generation whose budget allows no further look, before anybody looks', async () => {
    upstreams.script.look = { bound: 300n, cost: 7n };
    upstreams.script.judge = () => ({ subject: FAIL });
    // After a round for 47 there is no room for a look of 300 besides images for 40.
    const { generation } = await generate({ policy: { candidatesPerRound: 1 } }, { limits: [limit(350n)] });
    expect(upstreams.judged).toHaveLength(1);
    expect(generation).toMatchObject({
      stopReason: StopReason.BUDGET_EXCEEDED,
      outcome: Outcome.EXHAUSTED,
    });
    expect(generation.rounds[1]?.candidates[0]?.answers).toEqual([]);
  });

  test('is part of what a round could cost, under a cap', async () => {
    upstreams.script.look = { bound: 30n, cost: 7n };
    upstreams.script.judge = () => ({ subject: FAIL });
    const { generation } = await generate({ policy: { maxCostMicroUsd: 140n } });
    // A round is 40 and at most two looks of 30; after the first, 47 are spent and 100 more could be.
    expect([generation.rounds.length, generation.stopReason]).toEqual([1, StopReason.MAX_COST]);
  });

  test('is counted where a call failed and told what it used', async () => {
    upstreams.script.write = { bound: 20n, cost: 3n };
    upstreams.script.judge = () => ({ subject: FAIL });
    upstreams.script.refine = () => '';
    const { generation } = await generate();
    expect(spent(upstreams.usage.values(), UsageKind.REFINE)).toBe(3n);
    expect(generation.stopReason).not.toBe(StopReason.INTERNAL);
  });

  test('is counted for every way to the prompt of one round, in ledger and budget alike', async () => {
    upstreams.script.write = { bound: 20n, cost: 3n };
    upstreams.script.judge = () => ({ subject: FAIL });
    upstreams.script.refine = () => '';
    const policy = { fallbackModels: ['models/b'], maxRounds: 3, plateauRounds: 5 };
    const { generation, host } = await generate({ policy }, { limits: [limit(10_000n)] });
    // The first prompt, two that could not be refined, and the one that was written in place of the second.
    const isPrompt = (kind: UsageKind) => kind === UsageKind.EXPAND || kind === UsageKind.REFINE;
    expect(generation.usage.filter(({ kind }) => isPrompt(kind))).toHaveLength(4);
    expect(generation.rounds[2]?.model).toBe('models/b');
    const team = { team: 'teams/t', project: undefined };
    expect(host.book.spent(team, 'day', new Date())).toBe(generation.cost?.microUsd);
    expect(host.book.reserved(team)).toBe(0n);
  });

  test('stops it before a prompt that could exceed the cap, be it the first', async () => {
    upstreams.script.write = { bound: 20n, cost: 3n };
    const { generation } = await generate({ policy: { maxCostMicroUsd: 19n } });
    expect(generation).toMatchObject({
      outcome: Outcome.FAILED,
      stopReason: StopReason.MAX_COST,
      cost: { microUsd: 0n },
    });
    expect(upstreams.expansions).toHaveLength(0);
  });

  test('is counted for every attempt of a call that came through at last', async () => {
    upstreams.script.look = { bound: 30n, cost: 7n };
    let calls = 0;
    upstreams.script.judge = () => {
      calls += 1;
      if (calls > 1) return { subject: PASS };
      const usage = [{ kind: UsageKind.JUDGE, model: 'judges/eye@1', cost: { microUsd: 5n } }];
      throw unavailable('The judges are away.', { details: [packDetail(UsageReportSchema, { usage })] });
    };
    const { generation } = await generate();
    expect(generation.outcome).toBe(Outcome.APPROVED);
    expect(spent(upstreams.usage.values(), UsageKind.JUDGE)).toBe(12n);
  });

  test('is part of what a preview foretells', async () => {
    upstreams.script.look = { bound: 30n, cost: 7n };
    const host = await startHost({ targets: upstreams.servers.targets, ...keys, directory });
    hosts.push(host);
    const brief = { input: { case: 'prompt' as const, value: 'apples' } };
    const policy = { maxCostMicroUsd: 1_000n };
    const shown = async (more: object = {}) => {
      const generation = { project: 'projects/cards', brief, policy: { ...policy, ...more } };
      return (await host.client.previewGeneration({ generation })).models[0];
    };
    // Three rounds of 40, two looks of 30 at each image; the third round may have twice the candidates.
    expect(await shown()).toMatchObject({
      judgeEstimate: { microUsd: 30n },
      roundEstimate: { microUsd: 100n },
      totalEstimate: { microUsd: 400n },
    });
    // And a prompt of 20 for each round.
    upstreams.script.write = { bound: 20n, cost: 3n };
    expect(await shown()).toMatchObject({
      promptEstimate: { microUsd: 20n },
      roundEstimate: { microUsd: 120n },
      totalEstimate: { microUsd: 460n },
    });
    // A held-out judge looks at two images, each at most once.
    expect(await shown({ heldOutJudge: 'other' })).toMatchObject({
      roundEstimate: { microUsd: 120n },
      totalEstimate: { microUsd: 520n },
    });
  });
});

describe('looks', () => {
  test('tell who asked, whatever the question is called', async () => {
    upstreams.script.judge = () => ({ constructor: PASS, fresh: PASS });
    const { generation } = await generate({ project: 'projects/asking' });
    const answers = generation.rounds[0]?.candidates[0]?.answers ?? [];
    expect(answers.map(({ askedBy }) => askedBy)).toEqual(['rubrics/cards/versions/1', 'projects/asking']);
  });

  test('a second look tells what the first one found, and what is asked again', async () => {
    upstreams.script.judge = () => ({ near: PASS, sure: PASS });
    const { generation } = await generate();
    const [first, second] = upstreams.judged;
    expect([upstreams.judged.length, generation.outcome]).toEqual([2, Outcome.APPROVED]);
    expect(first?.secondLook).toBeUndefined();
    expect(second?.secondLook?.answers.map(({ questionId }) => questionId)).toEqual(['near', 'sure']);
    expect(second?.secondLook?.margin).toBe(0.1);
  });

  test('early exit is asked for by the policy', async () => {
    await generate({ policy: { earlyExit: true } });
    expect(upstreams.judged[0]?.stopAtFirstFailure).toBe(true);
  });

  test('a held-out judge is left out of the cycle, and alone afterwards', async () => {
    upstreams.script.judge = ({ round }) => ({ subject: round === 0 ? FAIL : PASS });
    const { generation } = await generate({ policy: { heldOutJudge: 'other' } });
    const asked = upstreams.judged.map(({ judges, withoutJudges }) => [judges, withoutJudges]);
    expect(asked.slice(0, 2)).toEqual([
      [[], ['other']],
      [[], ['other']],
    ]);
    expect(asked.slice(2)).toEqual([
      [['other', 'builtin'], []],
      [['other', 'builtin'], []],
    ]);
    expect(generation.heldOut).toMatchObject({ judge: 'other', first: { round: 0 }, result: { round: 1 } });
    const checked = upstreams.validated.map(({ content, withoutJudges }) => [content?.judges, withoutJudges]);
    expect(checked).toEqual([
      [[], ['other']],
      [['other', 'builtin'], []],
    ]);
  });

  test('a held-out judge that is not there is refused, and named', async () => {
    await expect(generate({ policy: { heldOutJudge: 'nobody' } })).rejects.toMatchObject({
      code: Code.INVALID_ARGUMENT,
      fieldViolations: [{ field: 'generation.policy.held_out_judge' }],
    });
    expect(upstreams.submissions).toHaveLength(0);
  });
});

test('an edit is asked for with the image, its own words, and the task', async () => {
  upstreams.script.edits = true;
  upstreams.script.refine = ({ edit, history }) =>
    edit ? 'paint the apple red' : `refined ${history.length}`;
  upstreams.script.judge = ({ prompt }) => ({
    whole: PASS,
    part: prompt === 'paint the apple red' ? PASS : FAIL,
  });
  const { generation } = await generate({ policy: { maxRounds: 5, plateauRounds: 5 } });
  const { rounds, outcome } = generation;
  expect([rounds.at(-1)?.step, outcome]).toEqual([LadderStep.EDIT, Outcome.APPROVED]);
  const edited = rounds.at(-1)?.editedImage ?? '';
  const request = upstreams.requests.at(-1)?.request;
  expect(request?.task).toBe(Task.EDIT);
  expect(request?.layers[0]?.parameters?.referenceImages).toMatchObject([
    { source: { case: 'image', value: edited }, role: ReferenceRole.INIT },
  ]);
  expect(rounds.some(({ candidates }) => candidates.some(({ image }) => image?.name === edited))).toBe(true);
});

test('the control arm is made and judged like the cycle, and told apart from it', async () => {
  upstreams.script.judge = ({ round }) => ({ subject: round === 1 ? PASS : FAIL });
  const { generation } = await generate({ policy: { controlArm: true } });
  expect(generation.rounds.map(({ step }) => step)).toEqual([
    LadderStep.UNSPECIFIED,
    LadderStep.REWRITE,
    LadderStep.CONTROL,
    LadderStep.CONTROL,
  ]);
  expect(generation.controlArm).toMatchObject({ images: 4, approved: false, shortfall: '' });
  expect(generation.outcome).toBe(Outcome.APPROVED);
  expect(generation.cost?.microUsd).toBe(200n);
});
