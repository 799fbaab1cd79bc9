import { readFileSync } from 'node:fs';
import { createLogger } from '@atelier/observability';
import { BatchItemState } from '@atelier/protos/atelier/gateway/v1/batch_pb.ts';
import { BatchService } from '@atelier/protos/atelier/gateway/v1/batch_service_pb.ts';
import type { Generation } from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import { GenerationService } from '@atelier/protos/atelier/gateway/v1/generation_service_pb.ts';
import { notFound, type Registration, serve } from '@atelier/rpc';
import { ObjectStore } from '../../../client/tests/scripted/object-store.ts';
import { partial } from '../../../client/tests/scripted/partial.ts';

/** A gateway that has records, and a batch of them, over real sockets. */
export interface RecordGateway extends AsyncDisposable {
  readonly address: string;
  readonly store: ObjectStore;
  readonly records: Map<string, Generation>;
  /** Rows of the one batch: their ids, and the generations that they became; empty for one that waits. */
  readonly rows: { readonly itemId: string; readonly generation: string }[];
  /** Page sizes that were asked for, by method. */
  readonly pages: string[];
  /** Creation times from which lists were asked for, in seconds. */
  readonly since: bigint[];
}

/** The batch that it has. */
export const BATCH = 'batches/0190c0de-0000-7000-a000-000000000001';
/** Most that a page holds, so that a small batch has several. */
const PAGE = 2;

const descriptorSet = readFileSync(new URL('../../../protos/src/descriptor-set.binpb', import.meta.url));

/** Starts it on a free port of loopback. */
export async function startRecordGateway(more: readonly Registration[] = []): Promise<RecordGateway> {
  const store = new ObjectStore();
  await store.listen();
  const records = new Map<string, Generation>();
  const rows: RecordGateway['rows'] = [];
  const pages: string[] = [];
  const since: bigint[] = [];
  const page = <T>(method: string, items: readonly T[], pageSize: number, pageToken: string) => {
    pages.push(`${method} ${pageSize}`);
    const start = Number(pageToken || 0);
    const end = start + Math.min(pageSize, PAGE);
    return { items: items.slice(start, end), nextPageToken: end < items.length ? String(end) : '' };
  };
  const generations = partial(GenerationService, {
    getGeneration: async ({ name }) => {
      const generation = records.get(name);
      if (generation === undefined) throw notFound(`There is no ${name}.`, { metadata: { resource: name } });
      return { generation };
    },
    listGenerations: async ({ project, pageSize, pageToken, startTime }) => {
      if (startTime !== undefined) since.push(startTime.seconds);
      const own = [...records.values()].filter(({ request }) => request?.project === project);
      const found = page('generations', own, pageSize, pageToken);
      // Lists have no rounds.
      return { ...found, generations: found.items.map((each) => ({ ...each, rounds: [] })) };
    },
  });
  const batches = partial(BatchService, {
    listBatchItems: async ({ name, pageSize, pageToken }) => {
      if (name !== BATCH) throw notFound(`There is no ${name}.`, { metadata: { resource: name } });
      const { items, nextPageToken } = page('items', rows, pageSize, pageToken);
      const state = (generation: string) =>
        generation === '' ? BatchItemState.PENDING : BatchItemState.ENDED;
      return { items: items.map((row) => ({ ...row, state: state(row.generation) })), nextPageToken };
    },
  });
  const server = await serve({
    name: 'record-gateway',
    address: { host: '127.0.0.1', port: 0 },
    registrations: [generations, batches, store.registration, ...more],
    descriptorSet,
    log: createLogger({ service: 'record-gateway', level: 'silent' }),
    authenticate: async () => undefined,
  });
  return {
    address: `127.0.0.1:${server.port}`,
    store,
    records,
    rows,
    pages,
    since,
    [Symbol.asyncDispose]: async () => {
      await server.drain(100);
      await store.close();
    },
  };
}
