// Generates the code of the contract, and compares it with what is committed.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generate } from './generate.mjs';

const folder = mkdtempSync(join(tmpdir(), 'atelier-generated-'));
try {
  generate(folder);
  const { status } = spawnSync('diff', ['--recursive', '--brief', folder, 'libs/protos/src'], {
    stdio: 'inherit',
  });
  if (status !== 0) process.stdout.write('Generated code has drifted. Run: npm run generate\n');
  process.exitCode = status === 0 ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true });
}
