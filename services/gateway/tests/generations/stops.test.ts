import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CostBasis, UsageKind } from '@atelier/protos/atelier/common/v1/money_pb.ts';
import { Verdict } from '@atelier/protos/atelier/evaluation/v1/answer_pb.ts';
import {
  type CyclePolicySchema,
  type Generation,
  Outcome,
  StopReason,
} from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import { generateMeshKeys } from '@atelier/rpc';
import type { Message, MessageInitShape } from '@bufbuild/protobuf';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { CycleJournal } from '../../src/journal/cycle-journal.ts';
import type { JournalEntry } from '../../src/journal/journal-entry.ts';
import { type Host, type HostOptions, startHost } from './host.ts';
import { Upstreams } from './upstreams.ts';

const { PASS, FAIL } = Verdict;
const keys = generateMeshKeys();
const team = { team: 'teams/t', project: undefined };

let directory: string;
let upstreams: Upstreams;
let host: Host;

beforeAll(async () => {
  upstreams = await Upstreams.start(keys);
});

afterAll(async () => {
  await upstreams[Symbol.asyncDispose]();
});

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'stops-'));
  await upstreams.reset();
});

afterEach(async () => {
  await host[Symbol.asyncDispose]();
  await rm(directory, { recursive: true, force: true });
});

type Policy = Exclude<MessageInitShape<typeof CyclePolicySchema>, Message>;

/** Begins a generation, and gives its name with what waits for its end. */
async function begin(policy: Policy = {}, options: Partial<HostOptions> = {}) {
  host = await startHost({ targets: upstreams.servers.targets, ...keys, directory, ...options });
  const brief = { input: { case: 'prompt' as const, value: 'three red apples' } };
  const { generation } = await host.client.createGeneration({
    generation: { project: 'projects/cards', brief, policy },
  });
  const name = generation?.name ?? '';
  return { name, ended: (): Promise<Generation> => upstreams.ended(name) };
}

const limit = (limitMicroUsd: bigint) => ({
  ...team,
  source: 'budgets/day',
  period: 'day' as const,
  limitMicroUsd,
  isHard: true,
});

/** A journal that tells of every entry once it is durable. */
function told(journal: CycleJournal, onEntry: (entry: JournalEntry) => void): CycleJournal {
  return {
    isSole: journal.isSole,
    create: (id, first) => journal.create(id, first),
    append: async (id, epoch, entry) => {
      await journal.append(id, epoch, entry);
      onEntry(entry);
    },
    archive: (id, epoch) => journal.archive(id, epoch),
    claim: (id) => journal.claim(id),
    unfinished: () => journal.unfinished(),
    discard: (id, epoch) => journal.discard(id, epoch),
    archived: (id) => journal.archived(id),
    [Symbol.asyncDispose]: () => journal[Symbol.asyncDispose](),
  };
}

/** Something that is waited for, until it happens. */
function signal() {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { happened: promise, happens: () => resolve() };
}

describe('a stop while something is under way', () => {
  test('for want of money lets the looks end that are paid for, and what they found counts', async () => {
    const [refused, looking] = [signal(), signal()];
    upstreams.script.look = { bound: 300n, cost: 7n };
    upstreams.script.image = async ({ index }) => {
      if (index === 1) await looking.happened;
      return undefined;
    };
    upstreams.script.judge = async () => {
      looking.happens();
      await refused.happened;
      return { subject: PASS };
    };
    // Two images for 80, and one look of 300: a second one does not fit besides.
    const { ended } = await begin(
      { candidatesPerRound: 2 },
      {
        limits: [limit(500n)],
        journal: (journal) =>
          told(journal, ({ kind }) => {
            if (kind === 'step_refused') refused.happens();
          }),
      },
    );
    const generation = await ended();
    expect(generation).toMatchObject({
      stopReason: StopReason.BUDGET_EXCEEDED,
      outcome: Outcome.APPROVED,
      cost: { microUsd: 87n },
    });
    expect(generation.rounds[0]?.candidates[0]?.score?.allRequiredPass).toBe(true);
    expect([host.book.spent(team, 'day', new Date()), host.book.reserved(team)]).toEqual([87n, 0n]);
  });

  test('counts the upper bound of a look that was cut off, and reserves nothing any more', async () => {
    const [looking, never] = [signal(), signal()];
    upstreams.script.look = { bound: 30n, cost: 7n };
    upstreams.script.judge = async () => {
      looking.happens();
      await never.happened;
      return { subject: PASS };
    };
    const { name, ended } = await begin({}, { limits: [limit(10_000n)] });
    await looking.happened;
    await host.client.cancelGeneration({ name });
    const generation = await ended();
    never.happens();
    expect(generation).toMatchObject({
      outcome: Outcome.CANCELLED,
      message: expect.stringMatching('was not judged'),
      cost: { microUsd: 70n, basis: CostBasis.ESTIMATED },
    });
    expect(generation.rounds[0]?.candidates[0]?.cost?.microUsd).toBe(70n);
    expect([host.book.spent(team, 'day', new Date()), host.book.reserved(team)]).toEqual([70n, 0n]);
    const ledger = [...upstreams.usage.values()].filter(({ usage }) => usage?.kind === UsageKind.JUDGE);
    expect(ledger.map(({ usage }) => usage?.cost?.microUsd)).toEqual([30n]);
  });

  test('counts the upper bound of a prompt that was cut off, and reserves nothing any more', async () => {
    const [writing, never] = [signal(), signal()];
    upstreams.script.write = { bound: 20n, cost: 3n };
    upstreams.script.judge = () => ({ subject: FAIL });
    upstreams.script.refine = async () => {
      writing.happens();
      await never.happened;
      return 'too late';
    };
    const { name, ended } = await begin({}, { limits: [limit(10_000n)] });
    await writing.happened;
    await host.client.cancelGeneration({ name });
    const generation = await ended();
    never.happens();
    expect([generation.outcome, generation.results.length]).toEqual([Outcome.CANCELLED, 1]);
    expect(generation.cost?.microUsd).toBe(3n + 40n + 20n);
    expect([host.book.spent(team, 'day', new Date()), host.book.reserved(team)]).toEqual([63n, 0n]);
  });

  test('in the control arm or at the held-out judge leaves the result as it was', async () => {
    const [looking, never] = [signal(), signal()];
    upstreams.script.look = { bound: 30n, cost: 7n };
    upstreams.script.judge = async (_, { judges }) => {
      if (judges.length === 0) return { subject: PASS };
      looking.happens();
      await never.happened;
      return { subject: FAIL };
    };
    const { name, ended } = await begin({ heldOutJudge: 'other' }, { limits: [limit(10_000n)] });
    await looking.happened;
    await host.client.cancelGeneration({ name });
    const generation = await ended();
    never.happens();
    expect(generation).toMatchObject({ outcome: Outcome.APPROVED, stopReason: StopReason.ENOUGH_PASS });
    expect(generation.heldOut?.first).toBeUndefined();
    expect(generation.cost?.microUsd).toBe(40n + 7n + 30n);
    expect(host.book.reserved(team)).toBe(0n);
  });
});
