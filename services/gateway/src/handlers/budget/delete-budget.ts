import type { BudgetService } from '@atelier/protos/atelier/gateway/v1/budget_service_pb.ts';
import type { Handlers } from '@atelier/rpc';
import { checkBudgetAccess } from './access.ts';
import type { BudgetDeps } from './deps.ts';

/** Takes a budget away. What is spent stays counted, for whatever budget comes later. */
export function deleteBudget({ store }: BudgetDeps): Handlers<typeof BudgetService>['deleteBudget'] {
  return async ({ name, etag }, context) => {
    await store.delete(name, etag, (current) => checkBudgetAccess(current, context), context);
    return {};
  };
}
