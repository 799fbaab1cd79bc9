// Runs the tests: everything that npm alone can run, and the suites that need another program where it is found. What was
// left out is said at the end, with the command that installs it.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const USAGE = `usage: npm test -- [options] [paths]

Runs the tests: all that npm alone can run, and the suites that need another program where it is found.

  services/storage          only tests whose path has this in it; several may be given
  -t, --testNamePattern     only tests whose name matches a regular expression
  --help                    this text

Other options are those of jest.
`;

const args = process.argv.slice(2);
if (args.includes('--help') || args.includes('-h')) {
  process.stdout.write(USAGE);
  process.exit(0);
}

const folder = mkdtempSync(join(tmpdir(), 'atelier-tests-'));
const leftOut = join(folder, 'left-out');
const specsMissing = join(folder, 'specs-missing');
const dataMissing = join(folder, 'data-missing');
const results = join(folder, 'results.json');
for (const file of [leftOut, specsMissing, dataMissing]) writeFileSync(file, '');
const { status } = spawnSync('jest', ['--json', '--outputFile', results, ...args], {
  // The report in words goes to the standard error; the one for machines goes to the file.
  stdio: ['ignore', 'ignore', 'inherit'],
  env: {
    ...process.env,
    NODE_OPTIONS: '--experimental-vm-modules --disable-warning=ExperimentalWarning',
    ATELIER_TESTS_LEFT_OUT: leftOut,
    ATELIER_TESTS_SPECS_MISSING: specsMissing,
    ATELIER_TESTS_DATA_MISSING: dataMissing,
  },
});
const linesOf = (file) => [...new Set(readFileSync(file, 'utf8').split('\n').filter(Boolean))].sort();
const lines = linesOf(leftOut);
const specs = linesOf(specsMissing);
const data = linesOf(dataMissing);
const report = existsSync(results) ? JSON.parse(readFileSync(results, 'utf8')) : undefined;
rmSync(folder, { recursive: true });

process.exitCode = status ?? 1;
if (lines.length > 0) process.stdout.write(`\nLeft out, for want of a program:\n${lines.join('\n')}\n`);
if (lines.length > 0 && process.env.CI === 'true') {
  process.stdout.write('CI runs everything: nothing may be left out there.\n');
  process.exitCode = 1;
}
// The vendors' specifications are theirs, so that no command installs them and no CI can be asked to have them.
if (specs.length > 0) {
  const files = specs.map((file) => `  ${file}`).join('\n');
  process.stdout.write(
    `\nLeft out, for want of a vendor's specification; ATELIER_VENDOR_SPECS names the folder that has them:\n${files}\n`,
  );
}
// Public sets are under licences of their own and are not copied into the project.
if (data.length > 0) {
  const files = data.map((file) => `  ${file}`).join('\n');
  process.stdout.write(
    `\nLeft out, for want of a public data set; ATELIER_PUBLIC_DATA names the folder that has them:\n${files}\n`,
  );
}
if (report !== undefined) {
  const { numPassedTests, numFailedTests, numPendingTests } = report;
  process.stdout.write(`\n${numPassedTests} passed, ${numFailedTests} failed, ${numPendingTests} skipped\n`);
}
