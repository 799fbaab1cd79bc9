import { VariableSchema } from '@atelier/protos/atelier/prompt/v1/template_pb.ts';
import { aborted, Code, unavailable } from '@atelier/rpc';
import { create } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type CollectionEvent, typedCollection } from '../src/index.ts';
import { type Harness, startHarness } from './harness.ts';
import { emptyDocument } from './memory-documents.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(async () => harness[Symbol.asyncDispose]());

const variable = (name: string) => create(VariableSchema, { name });
const collectionNamed = (collection: string) =>
  typedCollection({ client: harness.client, collection, schema: VariableSchema });

describe('typedCollection', () => {
  test('keeps messages whole, with owner and revision', async () => {
    const collection = collectionNamed('whole');
    const value = create(VariableSchema, {
      name: 'item',
      values: ['a', 'b'],
      defaultValue: { kind: { case: 'numberValue', value: 2 } },
    });
    const made = await collection.create('one', 'teams/a', value);
    expect(made).toMatchObject({ id: 'one', team: 'teams/a', revision: 1n });
    expect((await collection.get('one'))?.value).toEqual(value);
    expect(await collection.get('two')).toBeUndefined();
  });

  test('creates once, whoever writes what', async () => {
    const collection = collectionNamed('once');
    const attempts = [variable('item'), variable('item'), variable('other')].map((value) =>
      collection.create('one', 'teams/a', value),
    );
    const ends = await Promise.allSettled(attempts);
    const refused = ends.filter(({ status }) => status === 'rejected');
    expect(refused).toHaveLength(2);
    for (const end of refused) expect(end).toMatchObject({ reason: { code: Code.ALREADY_EXISTS } });
  });

  test('knows its own writes again where the answer was lost', async () => {
    const collection = collectionNamed('lost');
    // The write gets through; a repeat of it is told that the revision has moved on.
    const loseOneAnswer = () => {
      harness.memory.afterPut = () => {
        harness.memory.afterPut = () => undefined;
        throw aborted('too late');
      };
    };
    loseOneAnswer();
    expect((await collection.create('one', '', variable('a'))).revision).toBe(1n);
    loseOneAnswer();
    let changes = 0;
    const updated = await collection.update('one', ({ value }) => {
      changes += 1;
      return create(VariableSchema, { ...value, maxLength: value.maxLength + 1 });
    });
    expect([updated.value.maxLength, updated.revision, changes]).toEqual([1, 2n, 1]);
  });

  test('loses no update among concurrent ones', async () => {
    const collection = collectionNamed('counters');
    await collection.create('one', '', create(VariableSchema, { maxLength: 0 }));
    const raise = () =>
      collection.update('one', ({ value }) =>
        create(VariableSchema, { ...value, maxLength: value.maxLength + 1 }),
      );
    await Promise.all(Array.from({ length: 6 }, raise));
    const after = await collection.get('one');
    expect(after?.value.maxLength).toBe(6);
    expect(after?.revision).toBe(7n);
  });

  test('leaves a document as it is where the change gives nothing, and names one that is missing', async () => {
    const collection = collectionNamed('same');
    await collection.create('one', '', variable('item'));
    expect((await collection.update('one', () => undefined)).revision).toBe(1n);
    await expect(collection.update('two', () => undefined)).rejects.toMatchObject({ code: Code.NOT_FOUND });
  });

  test('writes over a revision only where it is the current one', async () => {
    const collection = collectionNamed('puts');
    const first = await collection.put('one', '', variable('a'));
    await collection.put('one', '', variable('b'), { expectedRevision: first.revision });
    const late = collection.put('one', '', variable('c'), { expectedRevision: first.revision });
    await expect(late).rejects.toMatchObject({ code: Code.ABORTED, reason: 'ETAG_MISMATCH' });
    await collection.delete('one');
    expect(await collection.get('one')).toBeUndefined();
  });

  test('lists in pages, by prefix and team', async () => {
    const collection = collectionNamed('pages');
    for (const id of ['a1', 'a2', 'a3', 'b1']) await collection.create(id, `teams/${id[0]}`, variable(id));
    const page = await collection.list({ pageSize: 2 });
    expect(page.documents.map(({ id }) => id)).toEqual(['a1', 'a2']);
    const next = await collection.list({ pageSize: 2, pageToken: page.nextPageToken });
    expect(next.documents.map(({ id }) => id)).toEqual(['a3', 'b1']);
    expect(next.nextPageToken).toBe('');
    const ids: string[] = [];
    for await (const { id } of collection.all({ idPrefix: 'a', pageSize: 2 })) ids.push(id);
    expect(ids).toEqual(['a1', 'a2', 'a3']);
    expect((await collection.list({ team: 'teams/b' })).documents).toHaveLength(1);
  });

  test('refuses what is larger than a document may be, before it is sent', async () => {
    const huge = create(VariableSchema, { description: 'x'.repeat(300_000) });
    const answer = collectionNamed('huge').put('one', '', huge);
    await expect(answer).rejects.toMatchObject({
      code: Code.INVALID_ARGUMENT,
      fieldViolations: [{ field: 'content' }],
    });
  });

  test('says DATA_LOSS of a document that is no such message', async () => {
    harness.memory.documents.set('broken/one', {
      ...emptyDocument('broken', 'one'),
      content: { values: 'not a list' },
    });
    await expect(collectionNamed('broken').get('one')).rejects.toMatchObject({ code: Code.DATA_LOSS });
  });
});

describe('watch', () => {
  test('tells all, then changes, and after a break what was deleted meanwhile', async () => {
    const collection = collectionNamed('watched');
    await collection.create('kept', '', variable('a'));
    await collection.create('gone', '', variable('b'));
    const stop = new AbortController();
    const events = collection.watch({ signal: stop.signal });
    const next = async () => (await events.next()).value as CollectionEvent<unknown>;
    expect([await next(), await next(), await next()].map(summary)).toEqual(['kept', 'gone', 'synced']);
    await collection.put('kept', '', variable('c'));
    expect(summary(await next())).toBe('kept');
    harness.memory.documents.delete('watched/gone');
    harness.memory.cutWatches();
    expect(summary(await next())).toBe('interrupted');
    expect([await next(), await next(), await next()].map(summary)).toEqual([
      'kept',
      'deleted gone',
      'synced',
    ]);
    await collection.delete('kept');
    expect(summary(await next())).toBe('deleted kept');
    stop.abort();
    expect((await events.next()).done).toBe(true);
  });
});

test('names storage where it cannot be reached', async () => {
  const down = await startHarness();
  const collection = typedCollection({ client: down.client, collection: 'any', schema: VariableSchema });
  await down.server.drain(0);
  await expect(collection.get('one')).rejects.toMatchObject({
    code: Code.UNAVAILABLE,
    reason: 'SERVICE_UNREACHABLE',
    metadata: { service: 'storage' },
  });
  await down[Symbol.asyncDispose]();
});

test('passes other failures of storage on', async () => {
  harness.memory.before = () => {
    throw unavailable('busy', { reason: 'OVERLOADED', retryAfterMs: 5_000 });
  };
  try {
    const answer = collectionNamed('any').get('one');
    await expect(answer).rejects.toMatchObject({ code: Code.UNAVAILABLE, reason: 'OVERLOADED' });
  } finally {
    harness.memory.before = () => undefined;
  }
});

function summary(event: CollectionEvent<unknown>): string {
  if (event.kind === 'document') return event.document.id;
  return event.kind === 'deleted' ? `deleted ${event.id}` : event.kind;
}
