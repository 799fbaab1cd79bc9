import type { BudgetService } from '@atelier/protos/atelier/gateway/v1/budget_service_pb.ts';
import type { Handlers } from '@atelier/rpc';
import { withSpending } from '../../budget/budget-report.ts';
import { missing } from '../../resources/not-found.ts';
import { checkBudgetAccess } from './access.ts';
import type { BudgetDeps } from './deps.ts';

/** Reads a budget with what is spent and reserved. */
export function getBudget({
  store,
  book,
  loader,
  now,
}: BudgetDeps): Handlers<typeof BudgetService>['getBudget'] {
  return async ({ name }, context) => {
    const budget = await store.get(name, context);
    if (budget === undefined) throw missing(name);
    checkBudgetAccess(budget, context);
    await loader.ready();
    return { budget: withSpending(budget, book, now()) };
  };
}
