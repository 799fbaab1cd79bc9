import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigError } from '@atelier/config';
import { describe, expect, test } from '@jest/globals';
import { readStaticKeys } from './static-keys.ts';

const directory = mkdtempSync(join(tmpdir(), 'atelier-keys-'));
const digest = 'a'.repeat(64);
let files = 0;

function write(text: string): string {
  files += 1;
  const path = join(directory, `keys-${files}.yaml`);
  writeFileSync(path, text);
  return path;
}

function problems(text: string): string[] {
  try {
    readStaticKeys(write(text));
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map(({ message }) => message);
    throw error;
  }
  return [];
}

describe('readStaticKeys', () => {
  test('reads what a key needs, and what it may have', () => {
    const keys = readStaticKeys(
      write(`
keys:
  - { id: shop, team: teams/shop, scopes: [generate, author], sha256: ${digest} }
  - id: one-project
    team: teams/shop
    project: projects/cut-outs
    scopes: [generate]
    sha256: ${digest}
    expire_time: 2027-01-01T00:00:00Z
`),
    );
    expect(keys).toMatchObject([
      { id: 'shop', team: 'teams/shop', project: undefined, scopes: ['generate', 'author'] },
      { id: 'one-project', project: 'projects/cut-outs', expireTime: new Date('2027-01-01T00:00:00Z') },
    ]);
    expect(keys[0]?.secrets).toEqual([{ sha256: digest }]);
  });

  test.each([
    ['no list', 'something: else', 'keys'],
    [
      'a secret in place of its digest',
      `keys: [{id: a, team: teams/a, scopes: [generate], sha256: atl_x}]`,
      'sha256',
    ],
    ['an unknown scope', `keys: [{id: a, team: teams/a, scopes: [root], sha256: ${digest}}]`, 'scopes'],
    ['no scope', `keys: [{id: a, team: teams/a, scopes: [], sha256: ${digest}}]`, 'scopes'],
    ['a bare team', `keys: [{id: a, team: a, scopes: [generate], sha256: ${digest}}]`, 'team'],
    [
      'a field that nobody knows',
      `keys: [{id: a, team: teams/a, scopes: [generate], sha256: ${digest}, admin: true}]`,
      'keys.0',
    ],
    ['no YAML', 'keys: [', 'cannot be read'],
  ])('tells of %s', (_what, text, named) => {
    const found = problems(text);
    expect(found.length).toBeGreaterThan(0);
    expect(found.join('\n')).toContain(named);
    expect(found.join('\n')).not.toContain('atl_x');
  });

  test('tells of a file that is not there', () => {
    expect(() => readStaticKeys(join(directory, 'missing.yaml'))).toThrow(/ENOENT/);
  });
});
