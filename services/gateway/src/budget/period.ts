import { BudgetPeriod } from '@atelier/protos/atelier/gateway/v1/team_pb.ts';

/** How long a limit runs before it counts from zero again: calendar days and months in UTC. */
export type Period = 'day' | 'month';

/** The period of a budget. */
export function periodOf(period: BudgetPeriod): Period {
  return period === BudgetPeriod.DAY ? 'day' : 'month';
}

/** When the period that a time falls in began. */
export function periodStart(period: Period, at: Date): Date {
  const day = period === 'day' ? at.getUTCDate() : 1;
  return new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), day));
}

/** When the period that a time falls in ends, which no longer belongs to it. */
export function periodEnd(period: Period, at: Date): Date {
  const start = periodStart(period, at);
  if (period === 'day') start.setUTCDate(start.getUTCDate() + 1);
  else start.setUTCMonth(start.getUTCMonth() + 1);
  return start;
}

/** `2026-11-22` for a day, `2026-11` for a month. */
export function periodKey(period: Period, at: Date): string {
  return at.toISOString().slice(0, period === 'day' ? 10 : 7);
}
