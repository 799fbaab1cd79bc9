import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { LocalJournal } from '../../src/submit/journal/local.ts';
import { testJournal } from './conformance.ts';

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'journal-'));
});

afterEach(() => rm(directory, { recursive: true }));

const open = () => new LocalJournal(join(directory, 'submissions'));

testJournal(() => ({ open, directory: join(directory, 'spool') }));

test('of many that begin the same entry exactly one does', async () => {
  const journal = open();
  const lease = await journal.lease();
  const attempts = Array.from({ length: 20 }, (_, index) =>
    journal.begin(lease, [{ id: 'cd02', intent: { attempt: index } }]),
  );
  const begun = (await Promise.all(attempts)).flatMap((isBegun, index) => (isBegun ? [index] : []));
  expect(begun).toHaveLength(1);
  expect((await journal.read('cd02'))?.intent).toEqual({ attempt: begun[0] });
  expect(await readdir(join(directory, 'submissions/cd/cd02'))).toEqual(['intent.json']);
});

test('only what was finished before a time is forgotten', async () => {
  const journal = open();
  const lease = await journal.lease();
  await journal.begin(lease, [{ id: 'aa', intent: {} }]);
  await journal.finish(lease, 'aa', {});
  await journal.begin(lease, [{ id: 'bb', intent: {} }]);
  expect(await journal.forget(new Date(0))).toBe(0);
  expect(await journal.forget(new Date(Date.now() + 60_000))).toBe(1);
  expect(await journal.read('aa')).toBeUndefined();
  expect(await journal.read('bb')).toBeDefined();
});

test('claims that are older than any job are forgotten', async () => {
  const journal = open();
  await journal.claimJob('g1', 'vendor/job-1', true);
  await journal.forget(new Date(0));
  expect(await journal.claimOf('g1', 'vendor/job-1')).toBe('certain');
  await journal.forget(new Date(Date.now() + 60_000));
  expect(await journal.claimOf('g1', 'vendor/job-1')).toBeUndefined();
});
