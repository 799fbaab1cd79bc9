import { readFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { Spool } from '../../src/spool/spool.ts';
import type { Lease, SubmissionJournal } from '../../src/submit/journal/submission-journal.ts';

/** A journal over the same store as all others of this place. */
export type OpenJournal = () => SubmissionJournal;

const leaseOf = async (journal: SubmissionJournal, group: string): Promise<Lease> => {
  const lease = await journal.lease(group);
  if (lease === undefined) throw new Error(`the lease of ${group} is taken`);
  return lease;
};

/** What every journal does. `place` gives an opener of journals over one store, and a directory for files. */
export function testJournal(place: () => { readonly open: OpenJournal; readonly directory: string }): void {
  test('an entry grows, and another journal over the same store sees it', async () => {
    const { open, directory } = place();
    const [journal, again] = [open(), open()];
    expect(await journal.read('ab01')).toBeUndefined();
    const lease = await leaseOf(journal, 'ab01');
    expect(await journal.begin(lease, [{ id: 'ab01', intent: { version: 1 } }])).toBe(true);
    const begun = {
      intent: { version: 1 },
      jobId: undefined,
      answer: undefined,
      result: undefined,
      isCancelRequested: false,
    };
    expect(await again.read('ab01')).toEqual(begun);
    await journal.accepted(lease, 'ab01', 'job-9');
    await using spool = new Spool(directory);
    const image = await spool.write(Buffer.from('pixels'));
    await journal.answered(lease, 'ab01', { seed: '4' }, image);
    expect(await again.read('ab01')).toMatchObject({ ...begun, jobId: 'job-9', answer: { seed: '4' } });
    const spooled = await again.spooled('ab01');
    expect(spooled).toMatchObject({ sizeBytes: 6, sha256: image.sha256 });
    expect(await readFile(spooled?.path ?? '', 'utf8')).toBe('pixels');
    await journal.finish(lease, 'ab01', { state: 1 });
    expect((await again.read('ab01'))?.result).toEqual({ state: 1 });
    expect(await again.spooled('ab01')).toBeUndefined();
    await lease.release();
  });

  test('intents are begun all or none, and once', async () => {
    const { open } = place();
    const journal = open();
    const lease = await leaseOf(journal, 'cd01');
    expect(await journal.begin(lease, [{ id: 'cd01', intent: { by: 1 } }])).toBe(true);
    await lease.release();
    const other = open();
    const second = await leaseOf(other, 'cd00');
    const intents = ['cd00', 'cd01', 'cd02'].map((id) => ({ id, intent: { by: 2 } }));
    expect(await other.begin(second, intents)).toBe(false);
    expect(await other.read('cd00')).toBeUndefined();
    expect(await other.read('cd02')).toBeUndefined();
    expect((await other.read('cd01'))?.intent).toEqual({ by: 1 });
    await second.release();
  });

  test('a job is of one request alone, and goes to the one that surely has it', async () => {
    const { open } = place();
    const [journal, again] = [open(), open()];
    expect(await journal.claimOf('g1', 'vendor/job-1')).toBeUndefined();
    expect(await journal.claimJob('g1', 'vendor/job-1', false)).toBe('uncertain');
    expect(await again.claimJob('g1', 'vendor/job-1', false)).toBe('uncertain');
    expect(await again.claimJob('g2', 'vendor/job-1', false)).toBe('taken');
    expect(await again.claimOf('g2', 'vendor/job-1')).toBe('taken');
    expect(await again.claimOf('g1', 'vendor/job-1')).toBe('uncertain');
    // The one to which the provider gave the id comes late, and still in time.
    expect(await again.claimJob('g2', 'vendor/job-1', true)).toBe('certain');
    expect(await journal.claimJob('g1', 'vendor/job-1', true)).toBe('taken');
    expect(await journal.claimOf('g1', 'vendor/job-1')).toBe('taken');
    // What is certain stays so.
    expect(await again.claimJob('g2', 'vendor/job-1', false)).toBe('certain');
    expect(await again.claimOf('g2', 'vendor/job-1')).toBe('certain');
    expect(await journal.claimJob('g1', 'vendor/job-2', true)).toBe('certain');
  });

  test('of many that claim a job at once one has it', async () => {
    const { open } = place();
    const journal = open();
    const groups = Array.from({ length: 8 }, (_, index) => `g${index}`);
    const claims = await Promise.all(groups.map((group) => journal.claimJob(group, 'vendor/job', false)));
    expect(claims.toSorted()).toEqual([...Array.from({ length: 7 }, () => 'taken'), 'uncertain']);
  });

  test('what runs can be asked to end, from anywhere; nothing else can', async () => {
    const { open } = place();
    const [journal, again] = [open(), open()];
    const lease = await leaseOf(journal, 'ef01');
    expect(await again.requestCancel('ef01')).toBe(false);
    await journal.begin(lease, [{ id: 'ef01', intent: {} }]);
    expect(await again.requestCancel('ef01')).toBe(true);
    expect(await journal.read('ef01')).toMatchObject({ isCancelRequested: true });
    await journal.finish(lease, 'ef01', { state: 4 });
    expect(await again.requestCancel('ef01')).toBe(false);
    await lease.release();
  });
}
