import { CostBasis, UsageKind } from '@atelier/protos/atelier/common/v1/money_pb.ts';
import { Outcome, ReviewDecision } from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import { UsageDimension } from '@atelier/protos/atelier/gateway/v1/usage_pb.ts';
import { expect, test } from '@jest/globals';
import { caller, commit, fixture, picture, refusal } from './harness.ts';
import { at, generation, review, usage } from './sample-records.ts';

const { TEAM, PROJECT, MODEL, DAY, MONTH, KIND } = UsageDimension;
const query = (groupBy: UsageDimension[] = [], more: object = {}) => ({
  query: { startTime: at(0), endTime: at(400 * 86_400), groupBy, ...more },
});
const DAY_SECONDS = 86_400;

test('the ledger adds up exactly by every dimension, and repeats count once', async () => {
  await using storage = await fixture();
  const { records } = storage;
  // Amounts beyond what a double holds exactly, of two projects, three models, over two months.
  const events = Array.from({ length: 240 }, (_, index) => ({
    number: index,
    amount: 9_007_199_254_740_993n + BigInt(index * index),
    project: `projects/p${index % 2}`,
    model: `models/m${index % 3}`,
    seconds: (index % 40) * DAY_SECONDS,
  }));
  const batch = events.map(({ number, amount, project, model, seconds }) =>
    usage(number, amount, { project, model, eventTime: at(seconds) }),
  );
  await Promise.all(
    [0, 1, 2].map((part) => records.appendRecords({ records: batch.slice(part * 80, part * 80 + 80) })),
  );
  await records.appendRecords({ records: batch.slice(0, 100) });
  const sumBy = (keyOf: (event: (typeof events)[number]) => string) => {
    const sums = new Map<string, bigint>();
    for (const event of events) sums.set(keyOf(event), (sums.get(keyOf(event)) ?? 0n) + event.amount);
    return sums;
  };
  const total = events.reduce((sum, { amount }) => sum + amount, 0n);
  const read = async (groupBy: UsageDimension[], field: 'project' | 'model' | 'period' | 'team') => {
    const answer = await records.queryUsageRecords(query(groupBy));
    expect(answer.total).toMatchObject({ cost: { microUsd: total, incomplete: false }, events: 240n });
    return new Map(answer.rows.map((row) => [row[field], row.cost?.microUsd]));
  };
  const date = (seconds: number) => new Date(Number(at(seconds).seconds) * 1_000).toISOString();
  expect(await read([TEAM], 'team')).toEqual(new Map([['teams/red', total]]));
  expect(await read([PROJECT], 'project')).toEqual(sumBy(({ project }) => project));
  expect(await read([MODEL], 'model')).toEqual(sumBy(({ model }) => model));
  expect(await read([DAY], 'period')).toEqual(sumBy(({ seconds }) => date(seconds).slice(0, 10)));
  expect(await read([MONTH], 'period')).toEqual(sumBy(({ seconds }) => date(seconds).slice(0, 7)));
  const { rows } = await records.queryUsageRecords(query([PROJECT, MODEL], { model: 'models/m1' }));
  expect(rows.map(({ project, model }) => `${project} ${model}`).toSorted()).toEqual([
    'projects/p0 models/m1',
    'projects/p1 models/m1',
  ]);
  const amounts = rows.map(({ cost }) => cost?.microUsd ?? 0n);
  expect(amounts[0]! >= amounts[1]!).toBe(true);
});

test('an unknown price is unknown, never zero', async () => {
  await using storage = await fixture();
  const { records } = storage;
  await records.appendRecords({
    records: [
      usage(1, 100n, { model: 'models/priced' }),
      usage(2, undefined, { model: 'models/priced' }),
      usage(3, undefined, { model: 'models/unpriced' }),
      usage(4, 0n, { model: 'models/free', kind: UsageKind.JUDGE }),
    ],
  });
  const { rows, total } = await records.queryUsageRecords(query([MODEL, KIND]));
  const costs = Object.fromEntries(
    rows.map((row) => [row.model, [row.cost?.microUsd, row.cost?.incomplete]]),
  );
  expect(costs).toEqual({
    'models/priced': [100n, true],
    'models/unpriced': [undefined, true],
    'models/free': [0n, false],
  });
  expect(rows.find(({ model }) => model === 'models/unpriced')?.cost?.basis).toBe(CostBasis.UNKNOWN);
  expect(rows.find(({ model }) => model === 'models/free')?.kind).toBe(UsageKind.JUDGE);
  expect(total).toMatchObject({ cost: { microUsd: 100n, incomplete: true }, events: 4n, unpricedEvents: 2n });
});

test('a report tells what an approved image cost, by the gate and by people', async () => {
  await using storage = await fixture({}, { now: () => new Date(Number(at(30).seconds) * 1_000) });
  const { records } = storage;
  for (const x of [10, 20, 30, 40, 50]) {
    await commit(storage, await picture('png', { x }), {
      made: true,
      image: { project: 'projects/p', model: 'models/studio' },
    });
  }
  await commit(storage, await picture('png', { x: 60 }), { image: { project: 'projects/p' } });
  await records.appendRecords({
    records: [
      ...[1, 2, 3, 4].map((number) => usage(number, 250n)),
      usage(5, 1n, { kind: UsageKind.JUDGE, model: 'judges/builtin@1' }),
      ...[1, 2, 3].map((number) => generation(number)),
      generation(4, { outcome: Outcome.EXHAUSTED }),
      review(20, 1, ReviewDecision.APPROVED),
      review(21, 2, ReviewDecision.APPROVED),
      review(22, 2, ReviewDecision.REJECTED),
      review(23, 4, ReviewDecision.APPROVED),
    ],
  });
  const expected = {
    events: 5n,
    images: 5n,
    approvedByGate: 3n,
    approvedByPeople: 2n,
    cost: { microUsd: 1_001n },
  };
  const { rows, total } = await records.queryUsageRecords(query([PROJECT, MONTH]));
  const shares = { microUsdPerGateApproval: 334n, microUsdPerPeopleApproval: 501n };
  expect(rows).toMatchObject([{ ...expected, ...shares, project: 'projects/p', period: '2026-11' }]);
  expect(total).toMatchObject({ ...expected, ...shares });
  const byKind = await records.queryUsageRecords(query([KIND]));
  expect(byKind.rows).toMatchObject([
    { kind: UsageKind.IMAGE, events: 4n, images: 5n, approvedByGate: 0n },
    { kind: UsageKind.JUDGE, events: 1n, images: 0n },
  ]);
  const byModel = await records.queryUsageRecords(query([MODEL]));
  expect(byModel.rows[0]).toMatchObject({ model: 'models/studio', approvedByGate: 3n });
  expect(byModel.rows[0]?.microUsdPerGateApproval).toBeUndefined();
  const outside = await records.queryUsageRecords(query([], { startTime: at(40), endTime: at(50) }));
  expect(outside).toMatchObject({
    total: { events: 0n, images: 0n, approvedByGate: 0n, approvedByPeople: 0n },
  });
});

test('a report is refused for dimensions that are none', async () => {
  await using storage = await fixture();
  const ask = (groupBy: UsageDimension[]) =>
    refusal(storage.records.queryUsageRecords(query(groupBy), { principal: caller() }));
  expect(await ask([0])).toBe('INVALID_ARGUMENT INVALID_FIELD');
  expect(await ask([TEAM, TEAM])).toBe('INVALID_ARGUMENT INVALID_FIELD');
});
