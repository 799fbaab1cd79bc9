import { spawnSync } from 'node:child_process';
import { cpSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const parts = ['buf.yaml', 'buf.gen.yaml', 'protos', 'scripts', 'libs/protos/src'];
const contract = 'protos/atelier/common/v1/image.proto';

let tree = '';

beforeAll(() => {
  tree = mkdtempSync(join(tmpdir(), 'atelier-contract-'));
  for (const part of parts) cpSync(join(root, part), join(tree, part), { recursive: true });
});

afterAll(() => rmSync(tree, { recursive: true }));

/** Runs a check of the contract in the copy. */
function run(command: string, ...args: string[]): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd: tree,
    encoding: 'utf8',
    env: { ...process.env, PATH: `${join(root, 'node_modules/.bin')}${delimiter}${process.env.PATH}` },
  });
  return { status, output: `${stdout}${stderr}` };
}

/** The same with a change planted in one message. */
function runPlanted(from: string, to: string, command: string, ...args: string[]) {
  const path = join(tree, contract);
  const text = readFileSync(path, 'utf8');
  writeFileSync(path, text.replace(from, to));
  try {
    return run(command, ...args);
  } finally {
    writeFileSync(path, text);
  }
}

describe('the checks of the contract find what is planted', () => {
  test('an unchanged contract passes', () => {
    expect(run('node', 'scripts/check-breaking.mjs')).toMatchObject({ status: 0 });
    expect(run('node', 'scripts/check-generated.mjs')).toMatchObject({ status: 0 });
    expect(run('buf', 'lint')).toMatchObject({ status: 0 });
  });

  test('a field of another type breaks it', () => {
    const { status, output } = runPlanted(
      'int32 width = 6',
      'string width = 6',
      'node',
      'scripts/check-breaking.mjs',
    );
    expect(status).not.toBe(0);
    expect(output).toContain('"width"');
  });

  test('a new field that is not generated is drift', () => {
    const added = '  // Planted.\n  string planted = 99;\n  // Immutable address';
    const { status, output } = runPlanted(
      '  // Immutable address',
      added,
      'node',
      'scripts/check-generated.mjs',
    );
    expect(status).toBe(1);
    expect(output).toContain('image_pb.ts');
  });

  test('a field without a comment fails the lint', () => {
    const { status, output } = runPlanted('  // Length of the stored bytes.\n', '', 'buf', 'lint');
    expect(status).not.toBe(0);
    expect(output).toContain('size_bytes');
  });
});

test('every RPC states its errors and its idempotency', () => {
  const methods = globSync('protos/atelier/*/v1/*_service.proto', { cwd: root }).flatMap((file) => [
    ...readFileSync(join(root, file), 'utf8').matchAll(/((?: {2}\/\/ .*\n)+) {2}rpc (\w+)([^}]*)\}/g),
  ]);
  expect(methods.length).toBeGreaterThan(90);
  const lacking = methods
    .filter(([, comment, , body]) => !comment?.includes('Errors') || !body?.includes('idempotency_level'))
    .map(([, , name]) => name);
  expect(lacking).toEqual([]);
});
