import type { Budget } from '@atelier/protos/atelier/gateway/v1/team_pb.ts';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { budgetLimit } from './limits.ts';
import { periodEnd } from './period.ts';
import type { SpendBook } from './spend-book.ts';

/** A budget with what is spent and reserved in its current period. */
export function withSpending(budget: Budget, book: SpendBook, at: Date): Budget {
  const limit = budgetLimit(budget);
  return {
    ...budget,
    spentMicroUsd: book.spent(limit, limit.period, at),
    reservedMicroUsd: book.reserved(limit),
    periodEndTime: timestampFromDate(periodEnd(limit.period, at)),
  };
}
