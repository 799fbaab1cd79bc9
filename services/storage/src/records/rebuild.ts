import pLimit from 'p-limit';
import type { Warehouse } from '../warehouse/warehouse.ts';
import type { Segment } from './record-kinds.ts';
import type { TruthStore } from './truth-store.ts';

/** What a rebuild has done so far. */
export interface RebuildProgress {
  readonly segmentsRead: number;
  readonly recordsLoaded: number;
  readonly done: boolean;
}

const BATCH = 256;
const READERS = 16;

/** Fills the warehouse anew with all segments, in the order of their keys. Undone as a whole when it is aborted. */
export async function fillFromTruth(
  { truth, warehouse }: { readonly truth: TruthStore; readonly warehouse: Warehouse },
  onProgress: (progress: RebuildProgress) => void,
  signal: AbortSignal,
): Promise<void> {
  let progress: RebuildProgress = { segmentsRead: 0, recordsLoaded: 0, done: false };
  await warehouse.rebuild(async (load) => {
    for await (const keys of batches(truth.keys())) {
      signal.throwIfAborted();
      const segments = await readAll(truth, keys);
      await load(segments);
      const records = segments.reduce((sum, segment) => sum + segment.records.length, 0);
      progress = {
        segmentsRead: progress.segmentsRead + segments.length,
        recordsLoaded: progress.recordsLoaded + records,
        done: false,
      };
      onProgress(progress);
    }
  });
  onProgress({ ...progress, done: true });
}

async function readAll(truth: TruthStore, keys: readonly string[]): Promise<readonly Segment[]> {
  const limit = pLimit(READERS);
  const read = await Promise.all(keys.map((key) => limit(() => truth.read(key))));
  return read.filter((segment) => segment !== undefined);
}

async function* batches(keys: AsyncIterable<string>): AsyncGenerator<readonly string[]> {
  let batch: string[] = [];
  for await (const key of keys) {
    batch.push(key);
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
