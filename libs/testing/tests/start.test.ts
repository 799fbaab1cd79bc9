import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { supervise } from '@atelier/launch';
import { describe, expect, test } from '@jest/globals';
import { launchTestMesh } from '../src/index.ts';

// The commands of the workspace: what `npm start` does beside the sample, which CI runs as a newcomer would, and what
// `npm test` says of what it left out.

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** Runs a script of the workspace as `npm run` does. */
function run(script: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const PATH = `${join(root, 'node_modules/.bin')}${delimiter}${process.env.PATH}`;
  return spawnSync(process.execPath, [script, ...args], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, PATH, ...env },
  });
}

describe('commands of the workspace', () => {
  test.each([
    ['scripts/start.ts', ['--bogus']],
    ['libs/bench/src/quality/main.ts', ['--bogus']],
    ['libs/bench/src/quality/main.ts', ['--seed', 'many']],
    ['libs/bench/src/quality/main.ts', ['--project', 'nothing']],
  ])('%s %j is told how it is used', (script, args) => {
    const { status, stdout, stderr } = run(script, args);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toContain(args.at(-1));
    expect(stderr).toContain('usage: npm ');
    expect(stderr).not.toContain('    at ');
  });

  test('the tests tell how they are used', () => {
    const { status, stdout } = run('scripts/test.mjs', ['--help']);
    expect([status, stdout.split('\n')[0]]).toEqual([0, 'usage: npm test -- [options] [paths]']);
  });

  test('the tests tell which specification they did without', () => {
    const tests = ['services/provider-adapter/tests/vendors/bfl/requests'];
    const { status, stdout } = run('scripts/test.mjs', tests, { ATELIER_VENDOR_SPECS: tmpdir() });
    expect(stdout).toMatch(/specification; ATELIER_VENDOR_SPECS names .*:\n {2}bfl\.openapi\.json\n/);
    expect([status, stdout.trimEnd().split('\n').at(-1)]).toEqual([0, '0 passed, 0 failed, 1 skipped']);
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
