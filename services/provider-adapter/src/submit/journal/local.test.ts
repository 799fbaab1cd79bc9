import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { Spool } from '../../spool/spool.ts';
import { LocalJournal } from './local.ts';

let directory: string;
let journal: LocalJournal;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'journal-'));
  journal = new LocalJournal(join(directory, 'submissions'));
});

afterEach(() => rm(directory, { recursive: true }));

test('an entry grows, and another journal over the same directory sees it', async () => {
  expect(await journal.read('ab01')).toBeUndefined();
  expect(await journal.begin('ab01', { version: 1 })).toBe(true);
  const again = new LocalJournal(join(directory, 'submissions'));
  const begun = { intent: { version: 1 }, jobId: undefined, answer: undefined, result: undefined };
  expect(await again.read('ab01')).toEqual(begun);
  await journal.accepted('ab01', 'job-9');
  await using spool = new Spool(join(directory, 'spool'));
  const image = await spool.write(Buffer.from('pixels'));
  await journal.answered('ab01', { seed: '4' }, image);
  expect(await again.read('ab01')).toMatchObject({ ...begun, jobId: 'job-9', answer: { seed: '4' } });
  const spooled = await again.spooled('ab01');
  expect(spooled).toMatchObject({ sizeBytes: 6, sha256: image.sha256 });
  expect(await readFile(spooled?.path ?? '', 'utf8')).toBe('pixels');
  await journal.finish('ab01', { state: 1 });
  expect((await again.read('ab01'))?.result).toEqual({ state: 1 });
  expect(await again.spooled('ab01')).toBeUndefined();
});

test('of many that begin the same entry exactly one does', async () => {
  const attempts = Array.from({ length: 20 }, (_, index) => journal.begin('cd02', { attempt: index }));
  const begun = (await Promise.all(attempts)).flatMap((isBegun, index) => (isBegun ? [index] : []));
  expect(begun).toHaveLength(1);
  expect((await journal.read('cd02'))?.intent).toEqual({ attempt: begun[0] });
  expect(await readdir(join(directory, 'submissions/cd/cd02'))).toEqual(['intent.json']);
});

test('only what was finished before a time is forgotten', async () => {
  await journal.begin('aa', {});
  await journal.finish('aa', {});
  await journal.begin('bb', {});
  expect(await journal.forget(new Date(0))).toBe(0);
  expect(await journal.forget(new Date(Date.now() + 60_000))).toBe(1);
  expect(await journal.read('aa')).toBeUndefined();
  expect(await journal.read('bb')).toBeDefined();
});
