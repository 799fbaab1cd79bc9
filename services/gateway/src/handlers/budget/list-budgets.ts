import type { BudgetService } from '@atelier/protos/atelier/gateway/v1/budget_service_pb.ts';
import type { Handlers } from '@atelier/rpc';
import { withSpending } from '../../budget/budget-report.ts';
import { teamAsked } from '../../identity/team-access.ts';
import { listPage } from '../../resources/list-page.ts';
import type { BudgetDeps } from './deps.ts';

/** Lists a team's budgets, by name. */
export function listBudgets({
  store,
  book,
  loader,
  now,
}: BudgetDeps): Handlers<typeof BudgetService>['listBudgets'] {
  return async (request, context) => {
    const team = teamAsked(request.team, context);
    const filter = { team, filters: ['budgets', team], keep: () => true };
    const { documents, nextPageToken } = await listPage(store.collection, request, filter, context);
    await loader.ready();
    const at = now();
    return {
      budgets: documents.map((stored) => withSpending(store.stamp(stored), book, at)),
      nextPageToken,
    };
  };
}
