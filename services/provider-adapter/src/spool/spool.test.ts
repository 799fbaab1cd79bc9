import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { Spool, TooManyBytes } from './spool.ts';

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'spool-'));
});

afterEach(() => rm(directory, { recursive: true, force: true }));

async function* source(...pieces: string[]): AsyncGenerator<Buffer> {
  for (const piece of pieces) yield Buffer.from(piece);
}

const files = async () =>
  (await readdir(directory, { recursive: true, withFileTypes: true })).filter((each) => each.isFile());

test('what comes in pieces is on disk as a whole, with its digest', async () => {
  await using spool = new Spool(directory);
  const file = await spool.write(source('pic', 'ture'));
  expect(await readFile(file.path, 'utf8')).toBe('picture');
  expect(file).toMatchObject({ sizeBytes: 7, sha256: createHash('sha256').update('picture').digest('hex') });
  await spool.drop(file);
  expect(await files()).toEqual([]);
});

test('nothing is left of what is too long, or broke off', async () => {
  await using spool = new Spool(directory);
  await expect(spool.write(source('picture'), 6)).rejects.toBeInstanceOf(TooManyBytes);
  async function* broken() {
    yield Buffer.from('pic');
    throw new Error('lost');
  }
  await expect(spool.write(broken())).rejects.toThrow('lost');
  expect(await files()).toEqual([]);
});

test('a spool takes its own part away, leaves the others alone, and drops what a dead process left long ago', async () => {
  const old = join(directory, 'left-behind');
  await mkdir(old);
  const longAgo = new Date(Date.now() - 48 * 3_600_000);
  await utimes(old, longAgo, longAgo);
  await using other = new Spool(directory);
  await other.write(source('theirs'));
  const spool = new Spool(directory);
  await spool.write(source('ours'));
  expect(await files()).toHaveLength(2);
  await spool[Symbol.asyncDispose]();
  expect(await files()).toHaveLength(1);
  expect(await readdir(directory)).not.toContain('left-behind');
});
