import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Secret } from '@atelier/config';
import { ReviewDecision } from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import { UsageDimension } from '@atelier/protos/atelier/gateway/v1/usage_pb.ts';
import { expect, test } from '@jest/globals';
import { FsBlobStore } from '../src/blobs/fs/fs-blob-store.ts';
import { UrlSigner } from '../src/blobs/fs/url-signer.ts';
import { Records } from '../src/records/records.ts';
import { TruthStore } from '../src/records/truth-store.ts';
import {
  admin,
  type Clients,
  caller,
  clients,
  commit,
  fixture,
  picture,
  refusal,
  start,
  temporaryDirectory,
} from './harness.ts';
import { at, audit, generation, id, review, usage } from './sample-records.ts';

/** Everything that can be asked of the index. */
async function everything({ images, records }: Pick<Clients, 'images' | 'records'>) {
  const principal = caller('red');
  const query = {
    startTime: at(0),
    endTime: at(100_000_000),
    groupBy: [UsageDimension.MODEL, UsageDimension.DAY],
  };
  const { asOf: _, ...usageReport } = await records.queryUsageRecords({ query });
  return {
    images: (await images.listImages({}, { principal })).images,
    generations: (await records.listGenerationRecords({})).generations,
    reviews: (await records.listReviewRecords({})).reviews,
    audit: (await records.listAuditRecords({})).events,
    usageReport,
  };
}

async function fill(storage: Clients): Promise<void> {
  const first = await commit(storage, await picture());
  await commit(storage, await picture('png', { x: 44 }));
  await storage.images.deleteImage({ name: first.ref.name, reason: 'test' }, { principal: caller('red') });
  await storage.records.appendRecords({ records: [generation(1, { revision: 1n }), generation(2)] });
  await storage.records.appendRecords({ records: [generation(1, { revision: 2n, message: 'later' })] });
  await storage.records.appendRecords({
    records: [usage(3, 5n), usage(4, undefined), review(5, 1, ReviewDecision.APPROVED), audit(6)],
  });
  await storage.records.appendRecords({ records: [usage(3, 999n), audit(6, { code: 'ABORTED' })] });
}

test('a rebuilt warehouse is equal to the one before', async () => {
  await using storage = await fixture();
  await fill(storage);
  const before = await everything(storage);
  expect(before.images).toHaveLength(1);
  expect(before.generations.map(({ message }) => message)).toEqual(['', 'later']);
  expect(before.usageReport.total?.cost?.microUsd).toBe(5n);
  const progress = [];
  for await (const step of storage.admin.rebuildWarehouse({}, { principal: admin() })) progress.push(step);
  expect(progress.at(-1)).toMatchObject({ segmentsRead: 12n, recordsLoaded: 13n, done: true });
  expect(await everything(storage)).toEqual(before);
  const status = await storage.admin.getWarehouseStatus({}, { principal: admin() });
  expect(status).toMatchObject({ pendingSegments: 0n, lagMs: 0n, lastError: '' });
});

test('a warehouse that is gone is filled again at the next start', async () => {
  await using storage = await fixture();
  await fill(storage);
  const before = await everything(storage);
  await storage.service.drain(0);
  rmSync(join(storage.dataDir, 'storage/warehouse.duckdb'));
  await using restarted = await start(storage.dataDir);
  using client = clients(`127.0.0.1:${restarted.grpcPort}`);
  expect(await everything(client)).toEqual(before);
});

test('while the warehouse cannot be opened, writes and reads by id go on', async () => {
  using directory = temporaryDirectory();
  await using first = await start(directory.path);
  await first.drain(0);
  const file = join(directory.path, 'storage/warehouse.duckdb');
  writeFileSync(file, 'this is not a database, and long enough to be told from an empty one');
  await using second = await start(directory.path);
  using client = clients(`127.0.0.1:${second.grpcPort}`);
  const principal = caller('red');
  const image = await commit(client, await picture());
  expect((await client.images.getImage({ name: image.ref.name }, { principal })).image).toEqual(image);
  await client.records.appendRecords({ records: [generation(1)] });
  const name = `generations/${id(1)}`;
  expect((await client.records.getGenerationRecord({ name })).generation?.name).toBe(name);
  expect(await refusal(client.images.listImages({}, { principal }))).toBe(
    'UNAVAILABLE WAREHOUSE_UNAVAILABLE',
  );
  const status = await client.admin.getWarehouseStatus({});
  expect(status).toMatchObject({ pendingSegments: 2n, lastError: 'The warehouse cannot be written to.' });
  expect(status.asOf?.seconds).toBe(0n);
  rmSync(file);
  // The loader tries again by itself.
  while ((await client.admin.getWarehouseStatus({})).pendingSegments > 0n) {
    await client.records.getGenerationRecord({ name });
  }
  expect((await client.images.listImages({}, { principal })).images).toEqual([image]);
});

test('what was written before a crash and not loaded is loaded after it', async () => {
  using directory = temporaryDirectory();
  const folder = join(directory.path, 'storage/blobs');
  await using before = await start(directory.path);
  await before.drain(0);
  const origins = { internal: '', public: '' };
  await using blobs = await FsBlobStore.open(folder, new UrlSigner(new Secret('x'), origins));
  // Nobody loads what this one writes: it stands for a process that died after the segment.
  const truth = new TruthStore(blobs, () => undefined);
  const records = new Records(truth, blobs, () => new Date());
  const { record } = generation(1);
  if (record.case !== 'generation') throw new Error('not a generation');
  await records.append({ team: 'teams/red', generations: [record.value], usage: [], reviews: [], audit: [] });
  // And this is what a process leaves that died before the segment.
  await blobs.putIfAbsent(`pending/${id(2)}`, Buffer.from('records/red/usage/2026-11/none'));
  expect(await truth.markers()).toHaveLength(2);
  await using after = await start(directory.path);
  using client = clients(`127.0.0.1:${after.grpcPort}`);
  const { generations } = await client.records.listGenerationRecords({});
  expect(generations.map(({ name }) => name)).toEqual([`generations/${id(1)}`]);
  expect(await truth.markers()).toEqual([]);
});

test('care of what is stored is for the platform’s administrators, and what is not offered says why', async () => {
  await using storage = await fixture();
  const { admin: service } = storage;
  const as = (principal = caller('red')) => ({ principal });
  const first = async (stream: AsyncIterable<unknown>) => stream[Symbol.asyncIterator]().next();
  const denied = 'PERMISSION_DENIED SCOPE_MISSING';
  expect(await refusal(service.getWarehouseStatus({}, as()))).toBe(denied);
  expect(await refusal(first(service.rebuildWarehouse({}, as())))).toBe(denied);
  expect(await refusal(service.applyRetention({}, as()))).toBe(denied);
  const notOffered = 'UNIMPLEMENTED NOT_OFFERED';
  const hold = { resource: 'projects/p', hold: true, reason: 'r' };
  const erase = { target: { case: 'subjectId' as const, value: 'x' }, reason: 'r' };
  expect(await refusal(service.applyRetention({}, as(admin())))).toBe(notOffered);
  expect(await refusal(service.setLegalHold(hold, as(admin())))).toBe(notOffered);
  expect(await refusal(first(service.exportProject({ project: 'projects/p' }, as(admin()))))).toBe(
    notOffered,
  );
  expect(await refusal(first(service.eraseData(erase, as(admin()))))).toBe(notOffered);
});
