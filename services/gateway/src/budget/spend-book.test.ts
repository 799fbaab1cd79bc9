import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Limit, SpendBook } from './spend-book.ts';

const noon = new Date('2026-11-22T12:00:00Z');
const tomorrow = new Date('2026-11-23T00:00:00Z');
const nextMonth = new Date('2026-12-01T00:00:00Z');

function limit(microUsd: bigint, over: Partial<Limit> = {}): Limit {
  return {
    source: 'budgets/b',
    team: 'teams/a',
    project: undefined,
    period: 'month',
    limitMicroUsd: microUsd,
    isHard: true,
    ...over,
  };
}

function step(stepId: string, microUsd: bigint, project = 'projects/p', team = 'teams/a') {
  return { stepId, team, project, microUsd };
}

describe('SpendBook', () => {
  test('counts for the team and for its project, by day and by month', () => {
    const book = new SpendBook();
    book.settle(step('1', 5n), noon);
    book.settle(step('2', 7n, 'projects/q'), noon);
    book.settle(step('3', 100n, 'projects/p', 'teams/b'), noon);
    book.settle(step('4', 11n), tomorrow);
    const team = { team: 'teams/a', project: undefined };
    expect(book.spent(team, 'month', noon)).toBe(23n);
    expect(book.spent(team, 'day', tomorrow)).toBe(11n);
    expect(book.spent({ team: 'teams/a', project: 'projects/q' }, 'month', noon)).toBe(7n);
    expect(book.spent({ team: 'teams/b', project: undefined }, 'month', noon)).toBe(100n);
    expect(book.spent(team, 'month', nextMonth)).toBe(0n);
  });

  test('a step reserves once, and is settled once', () => {
    const book = new SpendBook();
    const team = { team: 'teams/a', project: undefined };
    book.reserve(step('1', 10n));
    book.reserve(step('1', 6n));
    expect(book.reserved(team)).toBe(6n);
    book.settle(step('1', 4n), noon);
    book.settle(step('1', 4n), noon);
    book.release('1');
    expect([book.reserved(team), book.spent(team, 'month', noon)]).toEqual([0n, 4n]);
    book.reserve(step('1', 10n));
    expect(book.reserved(team)).toBe(0n);
  });

  test('a repeat of a reservation is not refused by itself', () => {
    const book = new SpendBook();
    book.reserve(step('1', 10n));
    expect(book.exceeded(step('1', 10n), [limit(10n)], noon)).toEqual([]);
    expect(book.exceeded(step('2', 1n), [limit(10n)], noon)).toHaveLength(1);
    expect(book.exceeded(step('2', 0n), [limit(10n)], noon)).toEqual([]);
  });

  test('names every limit that is too small, and only those', () => {
    const book = new SpendBook();
    book.settle(step('1', 50n), noon);
    const limits = [
      limit(60n, { source: 'budgets/month' }),
      limit(55n, { source: 'budgets/day', period: 'day' }),
      limit(10n, { source: 'budgets/other', project: 'projects/q' }),
      limit(1_000n, { source: 'projects/p', project: 'projects/p' }),
    ];
    const names = (amount: bigint) =>
      book.exceeded(step('2', amount), limits, noon).map(({ source }) => source);
    expect(names(5n)).toEqual([]);
    expect(names(6n)).toEqual(['budgets/day']);
    expect(names(11n)).toEqual(['budgets/month', 'budgets/day', 'budgets/other']);
  });

  test('what was spent before the start is added to what was settled since', () => {
    const book = new SpendBook();
    book.settle(step('1', 5n), noon);
    book.restore('month', noon, [step('', 100n), step('', 20n, 'projects/q')]);
    book.restore('day', noon, [step('', 20n, 'projects/q')]);
    const team = { team: 'teams/a', project: undefined };
    expect(book.spent(team, 'month', noon)).toBe(125n);
    expect(book.spent(team, 'day', noon)).toBe(25n);
    expect(book.spent({ team: 'teams/a', project: 'projects/q' }, 'month', noon)).toBe(20n);
  });

  test('whatever the order of reserving, settling and releasing, a limit is never passed', () => {
    const action = fc.record({
      kind: fc.constantFrom('reserve', 'settle', 'release'),
      id: fc.integer({ min: 0, max: 12 }),
      amount: fc.bigInt({ min: 0n, max: 40n }),
    });
    fc.assert(
      fc.property(
        fc.array(action, { maxLength: 60 }),
        fc.bigInt({ min: 0n, max: 200n }),
        (actions, bound) => {
          const book = new SpendBook();
          const limits = [limit(bound)];
          const team = { team: 'teams/a', project: undefined };
          for (const { kind, id, amount } of actions) {
            const wanted = step(String(id), amount);
            const held = book.reservation(wanted.stepId)?.microUsd;
            if (kind === 'reserve' && book.exceeded(wanted, limits, noon).length === 0) book.reserve(wanted);
            // A provider bills at most what was reserved.
            if (kind === 'settle' && held !== undefined)
              book.settle({ ...wanted, microUsd: held / 2n }, noon);
            if (kind === 'release') book.release(wanted.stepId);
            expect(book.spent(team, 'month', noon) + book.reserved(team) <= bound).toBe(true);
          }
        },
      ),
      { seed: 20_261_122, numRuns: 100 },
    );
  });
});
