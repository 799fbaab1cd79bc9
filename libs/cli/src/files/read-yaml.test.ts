import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { UsageError } from '../usage-error.ts';
import { readYaml } from './read-yaml.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'atelier-yaml-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** Each line stands for nine of the line before. */
const bomb = ['a: &a [x]', ...[...'bcdefg'].map((name, index) => nine(name, 'abcdefg'[index] ?? ''))].join(
  '\n',
);

function nine(name: string, of: string): string {
  return `${name}: &${name} [${Array.from({ length: 9 }, () => `*${of}`).join(', ')}]`;
}

test.each([
  ['aliases that come to millions of values', bomb, /Excessive alias count/],
  ['an alias of nothing', 'a: *nothing', /nothing/],
  ['a key that is there twice', 'a: 1\na: 2', /unique/],
])('%s are the fault of a file, which is named', async (_, text, message) => {
  const file = join(folder, 'template.yaml');
  await writeFile(file, text);
  const reading = readYaml(file);
  await expect(reading).rejects.toThrow(UsageError);
  await expect(reading).rejects.toThrow(file);
  await expect(reading).rejects.toThrow(message);
});

test('aliases that people write are followed', async () => {
  const file = join(folder, 'good.yaml');
  await writeFile(file, 'a: &a { b: 1 }\nc: *a');
  expect(await readYaml(file)).toEqual({ a: { b: 1 }, c: { b: 1 } });
});
