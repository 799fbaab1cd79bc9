import { expect, test } from '@jest/globals';
import { temporaryDirectory } from './harness.ts';
import { at, generation, id, usage } from './sample-records.ts';
import { type StorageProcess, spawnStorage } from './storage-process.ts';

/** Events of one call: they must all be there, or none. */
const EVENTS_PER_CALL = 7;

interface Outcome {
  readonly generations: Map<number, bigint>;
  readonly documents: Map<string, bigint>;
  acknowledgedEvents: number;
  sentEvents: number;
  /** Called after each generation that was acknowledged. */
  onGeneration: () => void;
}

/** Writes without pause until the process is gone, and keeps what was acknowledged. */
async function writeUntilGone(storage: StorageProcess, first: number, outcome: Outcome): Promise<void> {
  for (let number = first; ; number += 1) {
    try {
      await storage.records.appendRecords({ records: [generation(number, { revision: 1n })] });
      outcome.generations.set(number, 1n);
      await storage.records.appendRecords({ records: [generation(number, { revision: 2n })] });
      outcome.generations.set(number, 2n);
      outcome.onGeneration();
      outcome.sentEvents += EVENTS_PER_CALL;
      const events = Array.from({ length: EVENTS_PER_CALL }, (_, index) => usage(number * 10 + index, 1n));
      await storage.records.appendRecords({ records: events });
      outcome.acknowledgedEvents += EVENTS_PER_CALL;
      const document = { collection: 'things', id: `d${first}`, content: { number } };
      const put = await storage.documents.putDocument({ document });
      outcome.documents.set(document.id, put.document?.revision ?? 0n);
    } catch {
      return;
    }
  }
}

test('what was acknowledged survives kill -9 at any moment, and what was not is whole or absent', async () => {
  using directory = temporaryDirectory();
  const outcome: Outcome = {
    generations: new Map(),
    documents: new Map(),
    acknowledgedEvents: 0,
    sentEvents: 0,
    onGeneration: () => undefined,
  };
  for (let life = 0; life < 4; life += 1) {
    const storage = await spawnStorage(directory.path);
    const enough = Promise.withResolvers<void>();
    const target = outcome.generations.size + 5 + 3 * life;
    outcome.onGeneration = () => {
      if (outcome.generations.size >= target) enough.resolve();
    };
    const writers = [1, 2, 3].map((writer) =>
      writeUntilGone(storage, 1_000_000 * life + 100_000 * writer, outcome),
    );
    // The moment is given by what was written, so that every life has something to lose.
    await enough.promise;
    await storage.kill();
    await Promise.all(writers);
  }
  const storage = await spawnStorage(directory.path);
  try {
    for (const [number, revision] of outcome.generations) {
      const { generation: found } = await storage.records.getGenerationRecord({
        name: `generations/${id(number)}`,
      });
      expect(found?.revision).toBeGreaterThanOrEqual(revision);
    }
    for (const [name, revision] of outcome.documents) {
      const { document } = await storage.documents.getDocument({ collection: 'things', id: name });
      expect(document?.revision).toBeGreaterThanOrEqual(revision);
    }
    await caughtUp(storage);
    const query = { startTime: at(0), endTime: at(100_000_000) };
    const { total } = await storage.records.queryUsageRecords({ query });
    const events = Number(total?.events);
    expect(events % EVENTS_PER_CALL).toBe(0);
    expect(events).toBeGreaterThanOrEqual(outcome.acknowledgedEvents);
    expect(events).toBeLessThanOrEqual(outcome.sentEvents);
    const listed = await everyGeneration(storage);
    for (const [number, revision] of outcome.generations) {
      expect(listed.get(`generations/${id(number)}`)).toBeGreaterThanOrEqual(revision);
    }
  } finally {
    await storage.kill();
  }
});

/** A list waits for the loader up to a bound; this waits for all of it. */
async function caughtUp(storage: StorageProcess): Promise<void> {
  for (;;) {
    const { pendingSegments, asOf } = await storage.admin.getWarehouseStatus({});
    if (pendingSegments === 0n && (asOf?.seconds ?? 0n) > 0n) return;
    await storage.records.listAuditRecords({});
  }
}

async function everyGeneration({ records }: StorageProcess): Promise<Map<string, bigint>> {
  const found = new Map<string, bigint>();
  let pageToken = '';
  do {
    const page = await records.listGenerationRecords({ pageSize: 100, pageToken });
    for (const { name, revision } of page.generations) found.set(name, revision);
    pageToken = page.nextPageToken;
  } while (pageToken !== '');
  return found;
}
