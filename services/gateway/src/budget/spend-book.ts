import { LRUCache } from 'lru-cache';
import { type Period, periodKey } from './period.ts';

/** Whose money it is. */
export interface Spender {
  /** `teams/{id}`. */
  readonly team: string;
  /** `projects/{id}`; undefined for the whole team. */
  readonly project: string | undefined;
}

/** A bound on spending. Amounts are millionths of a US dollar. */
export interface Limit extends Spender {
  /** Resource that sets it: `budgets/{id}` or `projects/{id}`. */
  readonly source: string;
  readonly period: Period;
  readonly limitMicroUsd: bigint;
  /** A hard limit refuses, a soft one only tells. */
  readonly isHard: boolean;
}

/** Money that is about to be spent. */
export interface Reservation {
  readonly stepId: string;
  readonly team: string;
  readonly project: string;
  readonly microUsd: bigint;
}

/** Steps whose settlement is remembered, so that a repeat counts once. */
const REMEMBERED_STEPS = 100_000;

/** Periods before the current ones are of no use. */
const PERIODS: readonly Period[] = ['day', 'month'];

/**
 * What is spent and reserved, by team and project, day and month. Every method is synchronous, so that looking and
 * writing are one step and concurrent callers cannot overspend together. It belongs to one process.
 */
export class SpendBook {
  readonly #spent = new Map<string, bigint>();
  readonly #reservations = new Map<string, Reservation>();
  readonly #reserved = new Map<string, bigint>();
  readonly #settled = new LRUCache<string, true>({ max: REMEMBERED_STEPS });

  /**
   * Adds what was spent in a period before this process counted, as the ledger tells it. Steps that were settled here
   * already are written to the ledger later than they are settled, so they are not in it yet.
   */
  restore(period: Period, at: Date, rows: Iterable<Reservation>): void {
    const key = periodKey(period, at);
    for (const { team, project, microUsd } of rows) {
      for (const spender of spenders(team, project)) add(this.#spent, spentKey(spender, key), microUsd);
    }
  }

  /** Settled in the period that the time falls in. */
  spent(spender: Spender, period: Period, at: Date): bigint {
    return this.#spent.get(spentKey(spender, periodKey(period, at))) ?? 0n;
  }

  /** Reserved and not settled. */
  reserved(spender: Spender): bigint {
    return this.#reserved.get(spenderKey(spender)) ?? 0n;
  }

  /** The limits that the amount would exceed, given what is spent and reserved by other steps. */
  exceeded(reservation: Reservation, limits: readonly Limit[], at: Date): readonly Limit[] {
    const own = this.#reservations.get(reservation.stepId);
    return limits.filter((limit) => {
      const mine = own !== undefined && covers(limit, own) ? own.microUsd : 0n;
      const used = this.spent(limit, limit.period, at) + this.reserved(limit) - mine;
      // An overdrawn limit refuses free work too: something cost more than was reserved for it.
      return used + reservation.microUsd > limit.limitMicroUsd;
    });
  }

  /** Reserves, in place of what the step had reserved before. The caller has looked at the limits. */
  reserve(reservation: Reservation): void {
    this.release(reservation.stepId);
    if (this.#settled.has(reservation.stepId)) return;
    this.#reservations.set(reservation.stepId, reservation);
    this.#addReserved(reservation, reservation.microUsd);
  }

  /** What a step has reserved. */
  reservation(stepId: string): Reservation | undefined {
    return this.#reservations.get(stepId);
  }

  /** Gives a reservation back; nothing happens where there is none. */
  release(stepId: string): void {
    const reservation = this.#reservations.get(stepId);
    if (reservation === undefined) return;
    this.#reservations.delete(stepId);
    this.#addReserved(reservation, -reservation.microUsd);
  }

  /** Counts what a step cost, in place of what it had reserved. A second settlement of a step changes nothing. */
  settle({ stepId, team, project, microUsd }: Reservation, at: Date): void {
    this.release(stepId);
    if (this.#settled.has(stepId)) return;
    this.#settled.set(stepId, true);
    if (microUsd === 0n) return;
    for (const period of PERIODS) {
      const key = periodKey(period, at);
      for (const spender of spenders(team, project)) add(this.#spent, spentKey(spender, key), microUsd);
    }
    this.#forgetPast(at);
  }

  #addReserved({ team, project }: Reservation, microUsd: bigint): void {
    for (const spender of spenders(team, project)) add(this.#reserved, spenderKey(spender), microUsd);
  }

  #forgetPast(at: Date): void {
    const current = new Set(PERIODS.map((period) => periodKey(period, at)));
    for (const key of this.#spent.keys()) {
      if (!current.has(key.slice(key.lastIndexOf('|') + 1))) this.#spent.delete(key);
    }
  }
}

/** An amount counts for the team as a whole and for its project. */
function spenders(team: string, project: string): readonly Spender[] {
  const whole = { team, project: undefined };
  return project === '' ? [whole] : [whole, { team, project }];
}

function covers(limit: Limit, { team, project }: Reservation): boolean {
  return limit.team === team && (limit.project === undefined || limit.project === project);
}

function spenderKey({ team, project }: Spender): string {
  return `${team}|${project ?? ''}`;
}

function spentKey(spender: Spender, period: string): string {
  return `${spenderKey(spender)}|${period}`;
}

/** Sums of zero are dropped, so that the book does not grow with every project that ever ran. */
function add(sums: Map<string, bigint>, key: string, microUsd: bigint): void {
  const sum = (sums.get(key) ?? 0n) + microUsd;
  if (sum === 0n) sums.delete(key);
  else sums.set(key, sum);
}
