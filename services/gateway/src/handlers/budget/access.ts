import type { Budget } from '@atelier/protos/atelier/gateway/v1/team_pb.ts';
import { type CallContext, requirePrincipal } from '@atelier/rpc';
import { isPlatformAdmin } from '../../identity/team-access.ts';
import { missing } from '../../resources/not-found.ts';

/** Throws NOT_FOUND unless the budget is of the caller's team or the caller administers the platform. */
export function checkBudgetAccess(budget: Budget, context: Pick<CallContext, 'principal' | 'method'>): void {
  const principal = requirePrincipal(context);
  if (budget.team !== principal.team && !isPlatformAdmin(principal)) throw missing(budget.name);
}
