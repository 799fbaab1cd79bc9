import { UsageDimension, type UsageRow } from '@atelier/protos/atelier/gateway/v1/usage_pb.ts';
import type { RecordService } from '@atelier/protos/atelier/storage/v1/record_service_pb.ts';
import type { Client } from '@atelier/rpc';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { type Period, periodStart } from './period.ts';
import type { Reservation, SpendBook } from './spend-book.ts';

const LOAD_TIMEOUT_MS = 20_000;

/**
 * Fills the book from the ledger, once: what was spent in the current day and month before this process started. Until
 * that has succeeded nothing is reserved, since a budget that was forgotten would be spent twice.
 */
export class SpendLoader {
  readonly #records: Client<typeof RecordService>;
  readonly #book: SpendBook;
  readonly #now: () => Date;
  #loading: Promise<void> | undefined;

  constructor(records: Client<typeof RecordService>, book: SpendBook, now: () => Date) {
    this.#records = records;
    this.#book = book;
    this.#now = now;
  }

  /** Resolves when the book is filled; rejects where storage does not answer, and tries again at the next call. */
  ready(): Promise<void> {
    this.#loading ??= this.#load().catch((error: unknown) => {
      this.#loading = undefined;
      throw error;
    });
    return this.#loading;
  }

  async #load(): Promise<void> {
    const at = this.#now();
    const periods: readonly Period[] = ['day', 'month'];
    const rows = await Promise.all(periods.map((period) => this.#query(periodStart(period, at))));
    periods.forEach((period, index) => {
      this.#book.restore(period, at, (rows[index] ?? []).map(toReservation));
    });
  }

  async #query(start: Date): Promise<readonly UsageRow[]> {
    const groupBy = [UsageDimension.TEAM, UsageDimension.PROJECT];
    const query = { startTime: timestampFromDate(start), groupBy };
    const { rows } = await this.#records.queryUsageRecords({ query }, { timeoutMs: LOAD_TIMEOUT_MS });
    return rows;
  }
}

function toReservation({ team, project, cost }: UsageRow): Reservation {
  return { stepId: '', team, project, microUsd: cost?.microUsd ?? 0n };
}
