import type { BudgetService } from '@atelier/protos/atelier/gateway/v1/budget_service_pb.ts';
import type { Handlers } from '@atelier/rpc';
import { deleteBudget } from './delete-budget.ts';
import type { BudgetDeps } from './deps.ts';
import { getBudget } from './get-budget.ts';
import { listBudgets } from './list-budgets.ts';
import { setBudget } from './set-budget.ts';

/** The handlers of BudgetService. */
export function budgetHandlers(deps: BudgetDeps): Handlers<typeof BudgetService> {
  return {
    setBudget: setBudget(deps),
    getBudget: getBudget(deps),
    listBudgets: listBudgets(deps),
    deleteBudget: deleteBudget(deps),
  };
}
