// Compares the contract with that of the last release, protos/released.binpb. To release a contract:
// node scripts/check-breaking.mjs --release
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const RELEASED = 'protos/released.binpb';
const buf = (...args) => spawnSync('buf', args, { stdio: 'inherit' }).status ?? 1;
const build = (out) => buf('build', 'protos', '--exclude-source-info', '-o', out);

if (process.argv.includes('--release')) {
  process.exitCode = build(RELEASED);
} else {
  const folder = mkdtempSync(join(tmpdir(), 'atelier-contract-'));
  const current = join(folder, 'current.binpb');
  const config = JSON.stringify({ version: 'v2', breaking: { use: ['FILE'] } });
  process.exitCode = build(current) || buf('breaking', current, '--against', RELEASED, '--config', config);
  rmSync(folder, { recursive: true });
}
