// The one entry of `npm start`, `npm test` and their kin. It runs on whatever Node the host has (20 or later), installs
// the workspace when it has changed, and hands over to the pinned runtime in node_modules.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PNPM } from './pnpm.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, 'node_modules');
const stamp = join(modules, '.atelier-installed');

const commands = {
  start: ['scripts/start.ts'],
  test: ['scripts/test.mjs'],
  check: ['scripts/check.mjs'],
  generate: ['scripts/generate.mjs'],
  quality: ['libs/bench/src/quality/main.ts'],
  simulate: ['libs/bench/src/simulation/main.ts'],
  memory: ['libs/bench/src/memory/main.ts'],
  atelier: ['libs/cli/src/main.ts'],
};

const [command = '', ...rest] = process.argv.slice(2);
if (!Object.hasOwn(commands, command)) {
  process.stderr.write(`usage: node scripts/bootstrap.mjs ${Object.keys(commands).join('|')} [arguments]\n`);
  process.exit(2);
}
install();
run(commands[command]);

/** Installs with the frozen lockfile, unless nothing that decides the result has changed since the last time. */
function install() {
  const wanted = digest();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  process.stderr.write('Installing the workspace (once for each change of its dependencies) ...\n');
  const { status } = spawnSync(
    'npx',
    ['--yes', PNPM, 'install', '--frozen-lockfile', '--reporter=append-only'],
    {
      cwd: root,
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, CI: 'true' },
    },
  );
  if (status !== 0) {
    process.stderr.write(`The installation failed. To see why: npx ${PNPM} install --frozen-lockfile\n`);
    process.exit(status ?? 1);
  }
  writeFileSync(stamp, wanted);
}

function digest() {
  const hash = createHash('sha256').update(PNPM);
  const packages = ['libs', 'services'].flatMap((folder) =>
    readdirSync(join(root, folder)).map((name) => join(folder, name, 'package.json')),
  );
  // The lockfile has the digests of the patches.
  for (const file of ['package.json', 'pnpm-workspace.yaml', 'pnpm-lock.yaml', ...packages.sort()]) {
    const path = join(root, file);
    if (existsSync(path)) hash.update(file).update(readFileSync(path));
  }
  return hash.digest('hex');
}

function run(script) {
  const bin = join(modules, '.bin');
  const [file, ...fixed] = script;
  const child = spawn(
    join(bin, 'node'),
    ['--disable-warning=ExperimentalWarning', join(root, file), ...fixed, ...rest],
    {
      // The command runs where it was called, so that the paths in its arguments mean what the caller meant.
      cwd: command === 'atelier' ? (process.env.INIT_CWD ?? process.cwd()) : root,
      stdio: 'inherit',
      env: {
        ...process.env,
        PATH: `${bin}${delimiter}${process.env.PATH}`,
        // What was compiled once, types stripped, is kept for all processes and the next time: a quarter of the work of a start.
        NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? join(modules, '.cache/compiled'),
      },
    },
  );
  // A terminal sends its signals to the child as well; this process only waits for it and ends as it does.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => (signal === 'SIGINT' && process.stdin.isTTY ? undefined : child.kill(signal)));
  }
  child.on('exit', (code, signal) => {
    process.exitCode = signal === null ? (code ?? 1) : 128 + (constants.signals[signal] ?? 0);
  });
}
