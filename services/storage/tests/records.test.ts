import { Outcome, ReviewDecision } from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import { describe, expect, test } from '@jest/globals';
import { admin, caller, fixture, refusal } from './harness.ts';
import { at, audit, generation, id, review, usage } from './sample-records.ts';

const red = { principal: caller('red') };
const blue = { principal: caller('blue') };

describe('a generation', () => {
  test('is read as it was at its highest revision, whatever came when', async () => {
    await using storage = await fixture();
    const { records } = storage;
    const name = `generations/${id(1)}`;
    const append = (revision: bigint, message: string) =>
      records.appendRecords({ records: [generation(1, { revision, message })] });
    const read = async () => (await records.getGenerationRecord({ name })).generation;
    expect(await refusal(append(1n, 'first'))).toBe('OK');
    expect(await refusal(append(4n, 'fourth'))).toBe('OK');
    expect(await refusal(append(4n, 'fourth again'))).toBe('OK');
    expect(await refusal(append(3n, 'late'))).toBe('ABORTED ETAG_MISMATCH');
    expect(await read()).toMatchObject({
      revision: 4n,
      message: 'fourth',
      rounds: [{ model: 'models/studio' }],
    });
    const { generations } = await records.listGenerationRecords({});
    expect(generations).toMatchObject([{ revision: 4n, message: 'fourth', rounds: [] }]);
  });

  test('is the same for concurrent writers of one revision, and none is lost', async () => {
    await using storage = await fixture();
    const { records } = storage;
    const writes = Array.from({ length: 24 }, (_, index) =>
      refusal(records.appendRecords({ records: [generation(1, { revision: BigInt(index % 6) + 1n })] })),
    );
    expect(new Set(await Promise.all(writes))).toEqual(new Set(['OK', 'ABORTED ETAG_MISMATCH']));
    const { generation: found } = await records.getGenerationRecord({ name: `generations/${id(1)}` });
    expect(found?.revision).toBe(6n);
  });

  test('carries the latest decision on its first result, and is found by it', async () => {
    await using storage = await fixture();
    const { records } = storage;
    await records.appendRecords({ records: [generation(1), generation(2), generation(3)] });
    const { APPROVED, REJECTED } = ReviewDecision;
    await records.appendRecords({
      records: [review(60, 1, APPROVED), review(50, 1, REJECTED), review(61, 2, REJECTED)],
    });
    const read = async (number: number) =>
      (await records.getGenerationRecord({ name: `generations/${id(number)}` })).generation?.review?.decision;
    expect([await read(1), await read(2), await read(3)]).toEqual([APPROVED, REJECTED, undefined]);
    const list = async (filter: object) =>
      (await records.listGenerationRecords(filter)).generations.map(({ name }) => name);
    expect(await list({ review: APPROVED })).toEqual([`generations/${id(1)}`]);
    expect(await list({ unreviewed: true })).toEqual([`generations/${id(3)}`]);
    await records.appendRecords({ records: [review(70, 1, REJECTED)] });
    expect(await read(1)).toBe(REJECTED);
    const { reviews } = await records.listReviewRecords({ image: `images/${id(10_001)}` });
    expect(reviews.map(({ id }) => id)).toEqual([id(70), id(60), id(50)]);
  });

  test('is listed by what one looks for, in either order, in pages', async () => {
    await using storage = await fixture();
    const { records } = storage;
    await records.appendRecords({
      records: [0, 1, 2, 3, 4, 5].map((number) =>
        generation(number, number === 5 ? { outcome: Outcome.EXHAUSTED, model: 'models/other' } : {}),
      ),
    });
    const list = async (filter: object) => {
      const answer = await records.listGenerationRecords(filter, red);
      return {
        subjects: answer.generations.map(({ request }) => request?.subjectId),
        next: answer.nextPageToken,
      };
    };
    expect((await list({})).subjects).toEqual(['sku-5', 'sku-4', 'sku-3', 'sku-2', 'sku-1', 'sku-0']);
    expect((await list({ outcomes: [Outcome.EXHAUSTED, Outcome.FAILED] })).subjects).toEqual(['sku-5']);
    expect((await list({ model: 'models/other' })).subjects).toEqual(['sku-5']);
    expect((await list({ subjectId: 'sku-2' })).subjects).toEqual(['sku-2']);
    expect((await list({ project: 'projects/none' })).subjects).toEqual([]);
    expect((await list({ startTime: at(2), endTime: at(4) })).subjects).toEqual(['sku-3', 'sku-2']);
    const evens = { labels: { even: 'true' }, oldestFirst: true, pageSize: 2 };
    const first = await list(evens);
    expect(first.subjects).toEqual(['sku-0', 'sku-2']);
    expect(await list({ ...evens, pageToken: first.next })).toEqual({ subjects: ['sku-4'], next: '' });
    expect(await refusal(list({ pageToken: first.next }))).toBe('INVALID_ARGUMENT INVALID_PAGE_TOKEN');
  });
});

test('records of another team are neither read nor written', async () => {
  await using storage = await fixture();
  const { records } = storage;
  await records.appendRecords({ records: [generation(1), usage(2, 5n), review(3, 1, 1), audit(4)] }, red);
  const name = `generations/${id(1)}`;
  expect(await refusal(records.getGenerationRecord({ name }, blue))).toBe('NOT_FOUND NOT_FOUND');
  expect(await refusal(records.appendRecords({ records: [generation(1)] }, blue))).toBe(
    'NOT_FOUND NOT_FOUND',
  );
  expect((await records.listGenerationRecords({}, blue)).generations).toEqual([]);
  expect((await records.listReviewRecords({}, blue)).reviews).toEqual([]);
  expect((await records.listAuditRecords({}, blue)).events).toEqual([]);
  expect(await refusal(records.listAuditRecords({ team: 'teams/red' }, blue))).toBe('NOT_FOUND NOT_FOUND');
  const query = { startTime: at(0), team: 'teams/red' };
  expect(await refusal(records.queryUsageRecords({ query }, blue))).toBe('NOT_FOUND NOT_FOUND');
  const { team: _, ...own } = query;
  expect((await records.queryUsageRecords({ query: own }, blue)).total?.events).toBe(0n);
  for (const options of [red, { principal: admin() }, {}]) {
    expect((await records.getGenerationRecord({ name }, options)).generation?.name).toBe(name);
    expect((await records.queryUsageRecords({ query }, options)).total?.events).toBe(1n);
    expect((await records.listAuditRecords({ team: 'teams/red' }, options)).events).toHaveLength(1);
  }
});

test.each([
  ['of two teams', [usage(1, 1n), usage(2, 1n, { team: 'teams/blue' })], 'records'],
  ['of no team', [usage(1, 1n, { team: '' })], 'records[0].usage.team'],
  [
    'without a time',
    [usage(1, 1n), review(2, 1, 1, { createTime: undefined as never })],
    'records[1].review.create_time',
  ],
  ['under an id that is a path', [audit(1, { id: '../../x' })], 'records[0].audit.id'],
  ['of a generation without an id', [generation(1, { name: 'generations/' })], 'records[0].generation.name'],
])('records %s are refused', async (_, records, field) => {
  await using storage = await fixture();
  await expect(storage.records.appendRecords({ records })).rejects.toMatchObject({
    codeName: 'INVALID_ARGUMENT',
    fieldViolations: [{ field }],
  });
});
