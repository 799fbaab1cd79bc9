import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** A violation of each rule: file, what it imports, and the rule that must find it. */
const planted = [
  ['services/evaluator/src/judges/peek.ts', '../../../storage/src/records/keep.ts', 'no-service-to-service'],
  [
    'services/evaluator/src/judges/leak.ts',
    '../../../provider-adapter/src/draw.ts',
    'judge-knows-no-generator',
  ],
  [
    'services/provider-adapter/src/tune.ts',
    '../../evaluator/src/judges/judge.ts',
    'generator-knows-no-judge',
  ],
  ['libs/client/src/shortcut.ts', '../../../services/storage/src/records/keep.ts', 'no-library-to-service'],
  ['libs/config/src/upwards.ts', '../../rpc/src/call.ts', 'foundations-stand-alone'],
  ['libs/rpc/src/sideways.ts', '../../client/src/client.ts', 'rpc-on-foundations-only'],
  ['services/storage/src/fixture.ts', '../../../libs/testing/src/mesh.ts', 'testing-is-for-tests'],
  ['services/gateway/src/cycle/wire.ts', '../handlers/create.ts', 'domain-is-plain'],
  ['services/gateway/src/budget/call.ts', '../handlers/create.ts', 'handlers-are-leaves'],
  ['services/gateway/src/budget/begin.ts', '../main.ts', 'main-is-an-end'],
  ['services/gateway/src/budget/nowhere.ts', './not-there.ts', 'not-unresolvable'],
  ['services/gateway/src/budget/sql.ts', '@duckdb/node-api', 'warehouse-sdk-in-one-folder'],
  ['services/provider-adapter/src/submit/run.ts', 'replicate', 'replicate-sdk-in-one-folder'],
  [
    'services/provider-adapter/src/providers/fal/sign.ts',
    '@smithy/signature-v4',
    'aws-signatures-in-one-folder',
  ],
  ['services/provider-adapter/src/submit/desk.ts', 'ioredis', 'redis-behind-ports'],
  ['services/evaluator/src/judges/language/ask.ts', 'ai', 'language-model-sdks-in-one-folder'],
] as const;

/** What the planted files import. */
const innocent = [
  'services/storage/src/records/keep.ts',
  'services/provider-adapter/src/draw.ts',
  'services/evaluator/src/judges/judge.ts',
  'services/gateway/src/handlers/create.ts',
  'services/gateway/src/main.ts',
  'libs/rpc/src/call.ts',
  'libs/client/src/client.ts',
  'libs/testing/src/mesh.ts',
];

/** Libraries that planted files import. */
const libraries = ['@duckdb/node-api', '@smithy/signature-v4', 'replicate', 'ioredis', 'ai'];

let tree = '';

beforeAll(() => {
  tree = mkdtempSync(join(tmpdir(), 'atelier-dependence-'));
  cpSync(join(root, '.dependency-cruiser.mjs'), join(tree, '.dependency-cruiser.mjs'));
  for (const name of libraries) {
    write(`node_modules/${name}/package.json`, JSON.stringify({ name, main: 'i.js' }));
    write(`node_modules/${name}/i.js`, '');
  }
  symlinkSync(join(root, 'node_modules/typescript'), join(tree, 'node_modules/typescript'));
  writeFileSync(join(tree, 'package.json'), '{"type":"module"}');
  for (const path of innocent) write(path, 'export const value = 1;\n');
});

afterAll(() => rmSync(tree, { recursive: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(tree, path)), { recursive: true });
  writeFileSync(join(tree, path), text);
}

function cruise(): { status: number | null; output: string } {
  const { status, stdout } = spawnSync(
    join(root, 'node_modules/.bin/depcruise'),
    ['--config', '.dependency-cruiser.mjs', 'libs', 'services'],
    { cwd: tree, encoding: 'utf8' },
  );
  return { status, output: stdout };
}

test('a tree that keeps the rules passes', () => {
  expect(cruise()).toMatchObject({ status: 0 });
});

test.each(planted)('%s importing %s is found as %s', (path, target, rule) => {
  write(path, `import * as other from '${target}';\nexport const seen = other;\n`);
  const { status, output } = cruise();
  rmSync(join(tree, path));
  expect(status).toBeGreaterThan(0);
  expect(output).toContain(`error ${rule}: ${path}`);
});
