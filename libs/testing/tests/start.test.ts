import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { supervise } from '@atelier/launch';
import { describe, expect, test } from '@jest/globals';
import { launchTestMesh } from '../src/index.ts';

// What `npm start` does beside the sample, which CI runs as a newcomer would.

describe('commands of the workspace', () => {
  test.each([
    ['scripts/start.ts', ['--bogus']],
    ['libs/bench/src/quality/main.ts', ['--bogus']],
    ['libs/bench/src/quality/main.ts', ['--seed', 'many']],
    ['libs/bench/src/quality/main.ts', ['--project', 'nothing']],
  ])('%s %j is told how it is used', (script, args) => {
    const file = fileURLToPath(new URL(`../../../${script}`, import.meta.url));
    const { status, stdout, stderr } = spawnSync(process.execPath, [file, ...args], { encoding: 'utf8' });
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toContain(args.at(-1));
    expect(stderr).toContain('usage: npm ');
    expect(stderr).not.toContain('    at ');
  });
});

test('a service that is killed is started again, and nothing else is', async () => {
  await using running = await launchTestMesh();
  const { mesh } = running;
  const said: string[] = [];
  const stopping = new AbortController();
  const back = new Promise<void>((resolve) => {
    const say = (text: string) => {
      said.push(text);
      if (text.endsWith('serves again.')) resolve();
    };
    supervise(mesh, say, stopping.signal);
  });
  const others = (['gateway', 'storage', 'provider-adapter', 'prompt-template'] as const).map((name) =>
    mesh.service(name),
  );
  const pids = others.map(({ pid }) => pid);
  const killed = mesh.service('evaluator').pid as number;
  process.kill(killed, 'SIGKILL');
  await back;
  expect(said).toEqual(['evaluator ended (SIGKILL) and is started again.', 'evaluator serves again.']);
  expect(mesh.service('evaluator').pid).not.toBe(killed);
  expect(others.map(({ pid }) => pid)).toEqual(pids);

  stopping.abort();
  await mesh.stop();
  expect(said).toHaveLength(2);
}, 120_000);
