import { createLogger } from '@atelier/observability';
import { CostBasis, UsageKind } from '@atelier/protos/atelier/common/v1/money_pb.ts';
import { BudgetPeriod } from '@atelier/protos/atelier/gateway/v1/team_pb.ts';
import { isRpcError } from '@atelier/rpc';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { BudgetKeeper } from '../src/budget/budget-keeper.ts';
import { budgetLimit } from '../src/budget/limits.ts';
import { SpendBook } from '../src/budget/spend-book.ts';
import { SpendLoader } from '../src/budget/spend-loader.ts';
import { type Fixture, fixture, refusal } from './harness.ts';

let mesh: Fixture;

beforeAll(async () => {
  mesh = await fixture();
});
afterAll(async () => {
  await mesh[Symbol.asyncDispose]();
});

const now = () => new Date();
const monthly = (microUsd: bigint, more = {}) => ({
  team: 'teams/red',
  period: BudgetPeriod.MONTH,
  limitMicroUsd: microUsd,
  hard: true,
  ...more,
});

describe('BudgetService', () => {
  test('a budget is set, read, replaced by its etag, and taken away', async () => {
    const { budgets } = mesh.as('red');
    const { budget } = await budgets.setBudget({ budgetId: 'red-month', budget: monthly(1_000n) });
    expect(budget).toMatchObject({
      name: 'budgets/red-month',
      revision: 1n,
      spentMicroUsd: 0n,
      reservedMicroUsd: 0n,
    });
    expect(budget?.periodEndTime?.seconds).toBeGreaterThan(timestampFromDate(now()).seconds);
    const second = await budgets.setBudget({
      budgetId: 'red-month',
      budget: monthly(2_000n, { etag: budget!.etag }),
    });
    expect(second.budget).toMatchObject({ limitMicroUsd: 2_000n, revision: 2n });
    expect(
      await refusal(
        budgets.setBudget({ budgetId: 'red-month', budget: monthly(3_000n, { etag: budget!.etag }) }),
      ),
    ).toBe('ABORTED ETAG_MISMATCH');
    expect(
      await refusal(budgets.setBudget({ budgetId: 'fresh', budget: monthly(1n, { etag: budget!.etag }) })),
    ).toBe('ABORTED ETAG_MISMATCH');
    expect((await budgets.listBudgets({})).budgets.map(({ name }) => name)).toEqual(['budgets/red-month']);
    expect(await refusal(budgets.deleteBudget({ name: 'budgets/red-month', etag: budget!.etag }))).toBe(
      'ABORTED ETAG_MISMATCH',
    );
    await budgets.deleteBudget({ name: 'budgets/red-month' });
    expect(await refusal(budgets.getBudget({ name: 'budgets/red-month' }))).toBe('NOT_FOUND NOT_FOUND');
  });

  test("another team's budget does not exist", async () => {
    await mesh.as('red').budgets.setBudget({ budgetId: 'theirs', budget: monthly(5n) });
    const { budgets } = mesh.as('blue');
    const blues = { ...monthly(6n), team: 'teams/blue' };
    expect(await refusal(budgets.getBudget({ name: 'budgets/theirs' }))).toBe('NOT_FOUND NOT_FOUND');
    expect(await refusal(budgets.deleteBudget({ name: 'budgets/theirs' }))).toBe('NOT_FOUND NOT_FOUND');
    expect(await refusal(budgets.listBudgets({ team: 'teams/red' }))).toBe('NOT_FOUND NOT_FOUND');
    expect(await refusal(budgets.setBudget({ budgetId: 'mine', budget: monthly(6n) }))).toBe(
      'NOT_FOUND NOT_FOUND',
    );
    expect(await refusal(budgets.setBudget({ budgetId: 'theirs', budget: blues }))).toBe(
      'ALREADY_EXISTS ALREADY_EXISTS',
    );
    expect(
      await refusal(budgets.setBudget({ budgetId: 'mine', budget: { ...blues, project: 'projects/none' } })),
    ).toBe('NOT_FOUND NOT_FOUND');
    expect(
      (await mesh.as('platform').budgets.getBudget({ name: 'budgets/theirs' })).budget?.limitMicroUsd,
    ).toBe(5n);
  });
});

describe('the keeper over the ledger of storage', () => {
  const event = (team: string, project: string, microUsd: bigint) => ({
    id: uuidv7(),
    team,
    project,
    usage: {
      kind: UsageKind.IMAGE,
      model: 'models/studio-a',
      units: 1,
      unit: 'image',
      cost: { microUsd, basis: CostBasis.ACTUAL },
    },
    eventTime: timestampFromDate(now()),
  });

  test('what was spent before the start counts, by team and project', async () => {
    await mesh.records.appendRecords({
      records: [event('teams/old', 'projects/p', 30n), event('teams/old', 'projects/q', 12n)].map(
        (value) => ({
          record: { case: 'usage', value },
        }),
      ),
    });
    const book = new SpendBook();
    await new SpendLoader(mesh.records, book, now).ready();
    const spent = (project?: string) =>
      (['day', 'month'] as const).map((period) => book.spent({ team: 'teams/old', project }, period, now()));
    expect(spent()).toEqual([42n, 42n]);
    expect(spent('projects/q')).toEqual([12n, 12n]);
  });

  const keeperOf = (
    limitMicroUsd: bigint,
    more: Partial<ConstructorParameters<typeof BudgetKeeper>[0]> = {},
  ) => {
    const book = new SpendBook();
    const limit = budgetLimit({
      name: 'budgets/b',
      project: '',
      ...monthly(limitMicroUsd),
      team: 'teams/n',
    } as never);
    const alerts: string[] = [];
    const keeper = new BudgetKeeper({
      book,
      loader: new SpendLoader(mesh.records, book, now),
      limitsOf: async () => [limit],
      priceCeilingMicroUsd: undefined,
      now,
      log: createLogger({ service: 'test', level: 'silent' }),
      onAlert: (kind) => alerts.push(kind),
      ...more,
    });
    const team = { team: 'teams/n', project: undefined };
    return {
      keeper,
      book,
      alerts,
      limit,
      used: () => book.spent(team, 'month', now()) + book.reserved(team),
    };
  };
  const ask = (stepId: string, microUsd: bigint | undefined, committed = false) => ({
    stepId,
    team: 'teams/n',
    project: 'projects/p',
    model: 'models/m',
    estimate:
      microUsd === undefined
        ? undefined
        : ({ microUsd, basis: CostBasis.ESTIMATED, incomplete: false } as never),
    committed,
  });

  test('of 200 callers at once, exactly those get a reservation for whom there is money', async () => {
    const { keeper, used } = keeperOf(50n * 7n + 3n);
    const callers = Array.from({ length: 200 }, (_, index) => refusal(keeper.reserve(ask(`s${index}`, 7n))));
    const answers = await Promise.all(callers);
    expect(answers.filter((answer) => answer === 'OK')).toHaveLength(50);
    expect(new Set(answers)).toEqual(new Set(['OK', 'RESOURCE_EXHAUSTED BUDGET_EXCEEDED']));
    expect(used()).toBe(350n);
    await keeper.release('s0');
    await keeper.settle({ stepId: 's1', team: 'teams/n', project: 'projects/p', actualMicroUsd: 2n });
    expect(used()).toBe(338n);
    expect(await refusal(keeper.reserve(ask('late', 15n)))).toBe('OK');
    expect(await refusal(keeper.reserve(ask('later', 1n)))).toBe('RESOURCE_EXHAUSTED BUDGET_EXCEEDED');
  });

  test('the refusal names the budget as a quota', async () => {
    const { keeper } = keeperOf(5n);
    const error = await keeper.reserve(ask('a', 6n)).catch((thrown: unknown) => thrown);
    expect(isRpcError(error) && error.quotaViolations.map(({ subject }) => subject)).toEqual(['budgets/b']);
  });

  test('an unknown price is refused under a hard budget, unless there is a ceiling or the work was begun', async () => {
    const { keeper, used } = keeperOf(100n);
    expect(await refusal(keeper.reserve(ask('a', undefined)))).toBe('FAILED_PRECONDITION PRICE_UNKNOWN');
    expect(await refusal(keeper.reserve(ask('a', undefined, true)))).toBe('OK');
    expect(used()).toBe(0n);
    const soft = keeperOf(100n);
    const isSoft = { limitsOf: async () => [{ ...soft.limit, isHard: false }] };
    expect(await refusal(keeperOf(100n, isSoft).keeper.reserve(ask('a', undefined)))).toBe('OK');
    const capped = keeperOf(100n, { priceCeilingMicroUsd: 60n });
    expect(await refusal(capped.keeper.reserve(ask('a', undefined)))).toBe('OK');
    expect(await refusal(capped.keeper.reserve(ask('b', undefined)))).toBe(
      'RESOURCE_EXHAUSTED BUDGET_EXCEEDED',
    );
    expect(capped.used()).toBe(60n);
  });

  test('a cost above its reservation is counted, told, and blocks what comes next', async () => {
    const { keeper, used, alerts } = keeperOf(10n);
    await keeper.reserve(ask('a', 8n));
    await keeper.settle({ stepId: 'a', team: 'teams/n', project: 'projects/p', actualMicroUsd: 15n });
    expect([used(), alerts]).toEqual([15n, ['overrun']]);
    expect(await refusal(keeper.reserve(ask('b', 0n)))).toBe('RESOURCE_EXHAUSTED BUDGET_EXCEEDED');
    // Work that was begun before a restart is counted whatever there is.
    expect(await refusal(keeper.reserve(ask('c', 4n, true)))).toBe('OK');
    await keeper.settle({ stepId: 'c', team: 'teams/n', project: 'projects/p', actualMicroUsd: undefined });
    expect(used()).toBe(19n);
  });

  test('a soft budget is told and does not refuse', async () => {
    const { limit } = keeperOf(5n);
    const { keeper, alerts } = keeperOf(5n, { limitsOf: async () => [{ ...limit, isHard: false }] });
    expect(await refusal(keeper.reserve(ask('a', 50n)))).toBe('OK');
    expect(alerts).toEqual(['soft_limit']);
  });
});

test('a budget over the wire shows what the ledger holds, and usage adds it up', async () => {
  const { evaluation, usage, budgets } = mesh.as('red');
  await budgets.setBudget({ budgetId: 'shown', budget: monthly(1_000_000n) });
  const before = (await budgets.getBudget({ name: 'budgets/shown' })).budget!.spentMicroUsd;
  // A judge that is asked directly is paid for too.
  await evaluation.evaluateImage({
    image: `images/${uuidv7()}`,
    questions: [{ id: 'q', text: 'Is it so?' }],
  } as never);
  const after = (await budgets.getBudget({ name: 'budgets/shown' })).budget!.spentMicroUsd;
  expect(after - before).toBe(250n);
  expect((await usage.queryUsage({ query: {} })).total?.cost?.microUsd).toBe(250n);
  expect(await refusal(usage.queryUsage({ query: { team: 'teams/blue' } }))).toBe('NOT_FOUND NOT_FOUND');
  expect(
    (await mesh.as('platform').usage.queryUsage({ query: { team: 'teams/red' } })).total?.cost?.microUsd,
  ).toBe(250n);
  // A budget of 5 is overdrawn by that: the next call is refused before it costs anything.
  const again = evaluation.evaluateImage({ image: `images/${uuidv7()}` } as never);
  expect(await refusal(again)).toBe('RESOURCE_EXHAUSTED BUDGET_EXCEEDED');
  await budgets.deleteBudget({ name: 'budgets/theirs' });
  // What a call used that failed is counted too.
  expect(await refusal(evaluation.draftQuestions({ brief: 'a lemon' }))).toBe(
    'UNAVAILABLE SERVICE_UNREACHABLE',
  );
  expect((await usage.queryUsage({ query: {} })).total?.cost?.microUsd).toBe(280n);
  const [start, end] = [new Date(2_000), new Date(1_000)].map(timestampFromDate);
  expect(await refusal(usage.queryUsage({ query: { startTime: start!, endTime: end! } }))).toBe(
    'INVALID_ARGUMENT CONTRADICTORY_FIELDS',
  );
});
