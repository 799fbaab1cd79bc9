import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Verdict } from '@atelier/protos/atelier/evaluation/v1/answer_pb.ts';
import { Outcome } from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import { generateMeshKeys } from '@atelier/rpc';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { CrashOrder } from './crash-child.ts';
import { startHost } from './host.ts';
import { Upstreams } from './upstreams.ts';

/** The acceptance, fourteen transitions of two rounds, and the archive. */
const WRITES = 16;

const keys = generateMeshKeys();
let upstreams: Upstreams;

beforeAll(async () => {
  upstreams = await Upstreams.start(keys);
  upstreams.script.judge = ({ round }) => ({ subject: round === 0 ? Verdict.FAIL : Verdict.PASS });
});

afterAll(async () => {
  await upstreams[Symbol.asyncDispose]();
});

/** Runs a gateway until it dies of itself, or has made its image. Gives the signal that ended it. */
async function runToDeath(directory: string, dieAt: number): Promise<string | null> {
  const order: CrashOrder = {
    targets: upstreams.servers.targets,
    credential: keys.credential.reveal(),
    privateKey: keys.privateKey.reveal(),
    directory,
    dieAt,
  };
  const child = spawn(process.execPath, [join(import.meta.dirname, 'crash-child.ts')], {
    env: { ...process.env, NODE_OPTIONS: '', CRASH_ORDER: JSON.stringify(order) },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const [, signal] = (await once(child, 'exit')) as [number | null, string | null];
  return signal;
}

async function finish(directory: string) {
  await using host = await startHost({ targets: upstreams.servers.targets, ...keys, directory });
  const { generation } = await host.client.generate({
    generation: {
      project: 'projects/cards',
      requestId: 'crash',
      brief: { input: { case: 'prompt', value: 'three red apples' } },
    },
  });
  const name = generation?.name ?? '';
  const numbers: number[] = [];
  for await (const { event } of host.client.watchGeneration({ name })) {
    if (event !== undefined && event.number > 0n) numbers.push(Number(event.number));
  }
  return { generation, numbers };
}

test.each(Array.from({ length: WRITES }, (_, index) => index + 1))(
  'killed before its write %i, it ends at the next start, and nothing is made or counted twice',
  async (dieAt) => {
    const directory = await mkdtemp(join(tmpdir(), 'crash-'));
    const before = upstreams.submissions.length;
    const counted = upstreams.usage.size;
    const asked = upstreams.requests.length;
    try {
      expect(await runToDeath(directory, dieAt)).toBe('SIGKILL');
      const { generation, numbers } = await finish(directory);
      const id = generation?.name.slice('generations/'.length);

      expect(generation).toMatchObject({ outcome: Outcome.APPROVED, cost: { microUsd: 80n } });
      expect(numbers).toEqual(Array.from({ length: 11 }, (_, index) => index + 1));
      const made = upstreams.submissions.slice(before).map(({ key }) => key);
      expect(made).toEqual([`${id}/0/0/0`, `${id}/1/0/0`]);
      // Whoever asked again asked for the very same.
      const orders = upstreams.requests
        .slice(asked)
        .flatMap(({ candidates, request }) =>
          candidates.map(({ key, seed }) => `${key} ${seed} ${request?.prompt}`),
        );
      expect(new Set(orders).size).toBe(2);
      const events = [...upstreams.usage.values()].slice(counted);
      expect(events.filter(({ generation: of }) => of === generation?.name)).toHaveLength(events.length);
      expect(events.reduce((sum, { usage }) => sum + (usage?.cost?.microUsd ?? 0n), 0n)).toBe(80n);
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  },
);

test('left alone, it writes so often and no oftener', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'crash-'));
  try {
    expect(await runToDeath(directory, WRITES + 1)).toBeNull();
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
});
