// Everything that is true of the code without running it: format and lint, types, the contract and its generated code,
// the rule of dependence, dead code. Each check runs though an earlier one failed.
import { spawnSync } from 'node:child_process';

const checks = [
  ['format and lint', 'biome', ['check', '--error-on-warnings']],
  ['types', 'tsc', ['-p', '.']],
  ['contract: lint', 'buf', ['lint']],
  ['contract: format', 'buf', ['format', '--path', 'protos/atelier', '--diff', '--exit-code']],
  ['contract: no break since the last release', 'node', ['scripts/check-breaking.mjs']],
  ['contract: generated code is current', 'node', ['scripts/check-generated.mjs']],
  ['document on providers is current', 'node', ['scripts/check-providers.mjs']],
  ['rule of dependence', 'depcruise', ['--config', '.dependency-cruiser.mjs', 'libs', 'services', 'scripts']],
  ['dead code', 'knip', []],
];

const wanted = process.argv.slice(2);
const failed = [];
for (const [name, command, args] of checks) {
  if (wanted.length > 0 && !wanted.some((word) => name.includes(word))) continue;
  const started = performance.now();
  const { status } = spawnSync(command, args, { stdio: 'inherit' });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  process.stdout.write(`${status === 0 ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)\n`);
  if (status !== 0) failed.push(name);
}
if (failed.length > 0) process.stdout.write(`\nFailed: ${failed.join('; ')}\n`);
process.exitCode = failed.length === 0 ? 0 : 1;
