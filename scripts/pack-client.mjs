// Builds what others install (@atelier/protos, @atelier/client, @atelier/cli) to JavaScript with types, and packs each into a
// tarball that npm installs: node scripts/pack-client.mjs [FOLDER], by default dist/.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PNPM } from './pnpm.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const target = resolve(process.argv[2] ?? join(root, 'dist'));
const path = [join(root, 'node_modules/.bin'), process.env.PATH].join(delimiter);
/** In the order in which they need each other. */
const packages = ['protos', 'client', 'cli'];

mkdirSync(target, { recursive: true });
for (const name of packages) {
  const folder = join(root, 'libs', name);
  build(name, folder);
  pack(folder);
}

function build(name, folder) {
  rmSync(join(folder, 'dist'), { recursive: true, force: true });
  run(folder, 'tsc', ['-p', 'tsconfig.build.json']);
  if (name === 'protos')
    cpSync(join(folder, 'src/descriptor-set.binpb'), join(folder, 'dist/descriptor-set.binpb'));
}

function pack(folder) {
  const { name, version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const tarball = join(target, `${name.replace('@', '').replace('/', '-')}-${version}.tgz`);
  rmSync(tarball, { force: true });
  run(folder, 'npx', ['--yes', PNPM, 'pack', '--pack-destination', target]);
  if (!existsSync(tarball)) throw new Error(`pnpm wrote no ${tarball}`);
  process.stdout.write(`${tarball}\n`);
}

function run(cwd, command, args) {
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, PATH: path, NODE_OPTIONS: '' },
  });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed in ${cwd}\n${stdout}\n${stderr}`);
}
