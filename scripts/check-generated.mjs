// Generates the code of the contract and the document on providers, and compares them with what is committed.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeProviders, generate, PROVIDERS } from './generate.mjs';

const folder = mkdtempSync(join(tmpdir(), 'atelier-generated-'));
try {
  generate(folder);
  const { status } = spawnSync('diff', ['--recursive', '--brief', folder, 'libs/protos/src'], {
    stdio: 'inherit',
  });
  const isCurrent = readFileSync(PROVIDERS, 'utf8') === `${await describeProviders()}\n`;
  if (status !== 0 || !isCurrent) process.stdout.write('Generated code has drifted. Run: npm run generate\n');
  process.exitCode = status === 0 && isCurrent ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true });
}
