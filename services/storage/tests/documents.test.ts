import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { WatchDocumentsResponse } from '@atelier/protos/atelier/storage/v1/document_service_pb.ts';
import { describe, expect, test } from '@jest/globals';
import { clients, fixture, refusal, start } from './harness.ts';

const document = (id: string, content: object = {}, team = '') => ({
  collection: 'templates',
  id,
  team,
  schema: 'test.v1.Thing',
  content: content as never,
});

/** What a watch says, in short. */
function short({ event }: WatchDocumentsResponse): string {
  if (event.case === 'document') return `${event.value.id}@${event.value.revision}`;
  if (event.case === 'deleted') return `${event.value.id}@${event.value.revision} deleted`;
  return event.case ?? '';
}

async function take(events: AsyncIterator<WatchDocumentsResponse>, count: number): Promise<string[]> {
  const taken: string[] = [];
  while (taken.length < count) {
    const { value, done } = await events.next();
    if (done) break;
    taken.push(short(value));
  }
  return taken;
}

describe('documents', () => {
  test('are written by compare-and-set, and revisions never begin anew', async () => {
    await using storage = await fixture();
    const { documents } = storage;
    const put = (content: object, expectedRevision?: bigint) =>
      documents.putDocument({
        document: document('a', content),
        ...(expectedRevision !== undefined && { expectedRevision }),
      });
    const mismatch = 'ABORTED ETAG_MISMATCH';
    expect((await put({ n: 1 }, 0n)).document).toMatchObject({ revision: 1n, content: { n: 1 } });
    expect(await refusal(put({ n: 2 }, 0n))).toBe(mismatch);
    expect(await refusal(put({ n: 2 }, 2n))).toBe(mismatch);
    expect((await put({ n: 2 }, 1n)).document?.revision).toBe(2n);
    expect((await put({ n: 3 })).document?.revision).toBe(3n);
    const name = { collection: 'templates', id: 'a' };
    expect((await documents.getDocument(name)).document).toMatchObject({ revision: 3n, content: { n: 3 } });
    expect(await refusal(documents.deleteDocument({ ...name, expectedRevision: 2n }))).toBe(mismatch);
    expect(await refusal(documents.deleteDocument({ ...name, expectedRevision: 3n }))).toBe('OK');
    expect(await refusal(documents.deleteDocument({ ...name, expectedRevision: 3n }))).toBe('OK');
    expect(await refusal(documents.deleteDocument(name))).toBe('NOT_FOUND NOT_FOUND');
    expect(await refusal(documents.getDocument(name))).toBe('NOT_FOUND NOT_FOUND');
    expect(await refusal(put({ n: 4 }, 3n))).toBe(mismatch);
    expect((await put({ n: 4 }, 0n)).document?.revision).toBe(5n);
  });

  test('give a repeated write the answer of the first', async () => {
    await using storage = await fixture();
    const put = (n: number, expectedRevision: bigint) =>
      storage.documents.putDocument({
        document: document('a', { n, deep: { list: [1, 'x'] } }),
        expectedRevision,
      });
    const first = await put(1, 0n);
    expect(await put(1, 0n)).toEqual(first);
    const second = await put(2, 1n);
    expect(await put(2, 1n)).toEqual(second);
    expect(await refusal(put(3, 1n))).toBe('ABORTED ETAG_MISMATCH');
  });

  test('let exactly one of many concurrent writers win each revision', async () => {
    await using storage = await fixture();
    for (let revision = 0n; revision < 5n; revision += 1n) {
      const outcomes = await Promise.all(
        Array.from({ length: 8 }, (_, writer) =>
          refusal(
            storage.documents.putDocument({
              document: document('contested', { writer, revision: Number(revision) }),
              expectedRevision: revision,
            }),
          ),
        ),
      );
      expect(outcomes.toSorted()).toEqual([...Array(7).fill('ABORTED ETAG_MISMATCH'), 'OK']);
    }
  });

  test('are kept through a restart, with one file each', async () => {
    await using storage = await fixture();
    for (const n of [1, 2, 3]) await storage.documents.putDocument({ document: document('a', { n }) });
    await storage.documents.putDocument({ document: document('b') });
    await storage.documents.deleteDocument({ collection: 'templates', id: 'b' });
    await storage.service.drain(0);
    const folder = join(storage.dataDir, 'storage/blobs/objects/documents/templates/a');
    expect(readdirSync(folder)).toEqual(['0000000003']);
    await using restarted = await start(storage.dataDir);
    using client = clients(`127.0.0.1:${restarted.grpcPort}`);
    const { documents } = await client.documents.listDocuments({ collection: 'templates' });
    expect(documents).toMatchObject([{ id: 'a', revision: 3n, content: { n: 3 } }]);
    const again = await client.documents.putDocument({ document: document('b') });
    expect(again.document?.revision).toBe(3n);
  });

  test('are listed by id, team and prefix, in pages', async () => {
    await using storage = await fixture();
    const { documents } = storage;
    for (const id of ['b1', 'a2', 'b3', 'a1', 'b2']) {
      await documents.putDocument({
        document: document(id, {}, id.startsWith('a') ? 'teams/red' : 'teams/blue'),
      });
    }
    const list = async (request: object) => {
      const answer = await documents.listDocuments({ collection: 'templates', ...request });
      return { ids: answer.documents.map(({ id }) => id), next: answer.nextPageToken };
    };
    expect(await list({})).toEqual({ ids: ['a1', 'a2', 'b1', 'b2', 'b3'], next: '' });
    expect((await list({ team: 'teams/blue' })).ids).toEqual(['b1', 'b2', 'b3']);
    const first = await list({ idPrefix: 'b', pageSize: 2 });
    expect(first.ids).toEqual(['b1', 'b2']);
    expect(await list({ idPrefix: 'b', pageSize: 2, pageToken: first.next })).toEqual({
      ids: ['b3'],
      next: '',
    });
    expect(await refusal(documents.listDocuments({ collection: 'templates', pageToken: first.next }))).toBe(
      'INVALID_ARGUMENT INVALID_PAGE_TOKEN',
    );
    expect(await list({ collection: 'nothing' })).toEqual({ ids: [], next: '' });
  });

  test('end a page where it would not fit into a message', async () => {
    await using storage = await fixture();
    const text = 'x'.repeat(250 * 1024);
    for (let index = 10; index < 30; index += 1) {
      await storage.documents.putDocument({ document: document(`d${index}`, { text }) });
    }
    const ids: string[] = [];
    let pageToken = '';
    do {
      const page = await storage.documents.listDocuments({
        collection: 'templates',
        pageSize: 500,
        pageToken,
      });
      ids.push(...page.documents.map(({ id }) => id));
      pageToken = page.nextPageToken;
    } while (pageToken !== '');
    expect(ids).toEqual(Array.from({ length: 20 }, (_, index) => `d${index + 10}`));
  });

  test.each([
    ['content beyond 256 KiB', document('a', { text: 'x'.repeat(256 * 1024) })],
    ['an id that is a path', document('../a')],
    ['a collection that is a path', { ...document('a'), collection: '../images' }],
    ['no id', document('')],
  ])('refuse %s', async (_, bad) => {
    await using storage = await fixture();
    expect(await refusal(storage.documents.putDocument({ document: bad }))).toBe(
      'INVALID_ARGUMENT INVALID_FIELD',
    );
  });
});

describe('a watch', () => {
  test('sends everything, then says so, then each change in order', async () => {
    await using storage = await fixture();
    const { documents } = storage;
    await documents.putDocument({ document: document('b') });
    await documents.putDocument({ document: document('a') });
    await documents.putDocument({ document: { ...document('x'), collection: 'rubrics' } });
    await documents.putDocument({ document: { ...document('other'), collection: 'unwatched' } });
    const stop = new AbortController();
    const request = { collections: ['templates', 'rubrics'] };
    const events = documents.watchDocuments(request, { signal: stop.signal })[Symbol.asyncIterator]();
    expect(await take(events, 4)).toEqual(['a@1', 'b@1', 'x@1', 'synced']);
    await documents.putDocument({ document: document('a') });
    await documents.putDocument({ document: { ...document('other'), collection: 'unwatched' } });
    await documents.deleteDocument({ collection: 'templates', id: 'b' });
    await documents.putDocument({ document: document('c') });
    expect(await take(events, 3)).toEqual(['a@2', 'b@2 deleted', 'c@1']);
    stop.abort();
    await expect(events.next()).rejects.toMatchObject({ codeName: 'CANCELLED' });
  });

  test('misses nothing of what is written while it begins', async () => {
    await using storage = await fixture();
    const { documents } = storage;
    const ids = Array.from({ length: 40 }, (_, index) => `d${String(index).padStart(2, '0')}`);
    const writes = Promise.all(ids.map((id) => documents.putDocument({ document: document(id) })));
    const stop = new AbortController();
    const seen = new Set<string>();
    for await (const { event } of documents.watchDocuments(
      { collections: ['templates'] },
      { signal: stop.signal },
    )) {
      if (event.case === 'document') seen.add(event.value.id);
      if (seen.size === ids.length) break;
    }
    await writes;
    expect([...seen].toSorted()).toEqual(ids);
  });

  test('ends with UNAVAILABLE when the server goes, so that it is begun again', async () => {
    await using storage = await fixture();
    const events = storage.documents.watchDocuments({ collections: ['templates'] })[Symbol.asyncIterator]();
    expect(await take(events, 1)).toEqual(['synced']);
    const ended = events.next();
    const drained = storage.service.drain(5_000);
    await expect(ended).rejects.toMatchObject({ codeName: 'UNAVAILABLE', reason: 'DRAINING' });
    await drained;
  });
});
