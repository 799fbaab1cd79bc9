import type { BudgetService } from '@atelier/protos/atelier/gateway/v1/budget_service_pb.ts';
import { type Budget, BudgetSchema } from '@atelier/protos/atelier/gateway/v1/team_pb.ts';
import { alreadyExists, type CallContext, type Handlers, invalidArgument, unimplemented } from '@atelier/rpc';
import { create, equals } from '@bufbuild/protobuf';
import { withSpending } from '../../budget/budget-report.ts';
import { teamAsked } from '../../identity/team-access.ts';
import { checkEtag } from '../../resources/etag.ts';
import { missingReference } from '../../resources/not-found.ts';
import type { BudgetDeps } from './deps.ts';

/** Makes or replaces a budget. It binds from the next reservation on. */
export function setBudget(deps: BudgetDeps): Handlers<typeof BudgetService>['setBudget'] {
  return async ({ budgetId, budget: asked }, context) => {
    if (asked === undefined) throw invalidArgument('budget', 'is required');
    refuseNotification(asked);
    const name = `budgets/${budgetId}`;
    const team = teamAsked(asked.team, context);
    await checkExists(asked, team, deps, context);
    const settings = settingsOf(asked, name, team);
    const present = await deps.store.get(name, context);
    const budget = await (present === undefined
      ? createBudget(settings, asked.etag, deps, context)
      : replaceBudget(settings, asked.etag, deps, context));
    await deps.loader.ready();
    return { budget: withSpending(budget, deps.book, deps.now()) };
  };
}

function createBudget(settings: Budget, etag: string, { store }: BudgetDeps, context: CallContext) {
  // An etag speaks of something that was read, and there is nothing.
  checkEtag(etag, settings.name, 0n);
  return store.create(settings, settings.team, context);
}

function replaceBudget(settings: Budget, etag: string, { store }: BudgetDeps, context: CallContext) {
  return store.change(
    settings.name,
    etag,
    (current) => {
      if (current.team !== settings.team) throw alreadyExists(`${settings.name} exists.`);
      const next = { ...settings, revision: current.revision, etag: current.etag };
      return equals(BudgetSchema, next, current) ? undefined : next;
    },
    context,
  );
}

/** Only what callers set: the rest is the platform's to say. */
function settingsOf(asked: Budget, name: string, team: string): Budget {
  const { project, period, limitMicroUsd, hard, notifyAt } = asked;
  return create(BudgetSchema, { name, team, project, period, limitMicroUsd, hard, notifyAt });
}

/** To take the address and never call it would leave its owner waiting. */
function refuseNotification({ notifyUrl }: Budget): void {
  if (notifyUrl === '') return;
  const description = 'notifications are not offered yet: leave it empty, and read the budget instead';
  throw unimplemented(`budget.notify_url: ${description}`, {
    reason: 'NOT_OFFERED',
    fieldViolations: [{ field: 'budget.notify_url', description }],
  });
}

async function checkExists(
  { project }: Budget,
  team: string,
  { teams, projects }: BudgetDeps,
  context: CallContext,
): Promise<void> {
  if ((await teams.get(team, context)) === undefined) throw missingReference('budget.team', team);
  if (project === '') return;
  const found = /^projects\/[a-z][a-z0-9-]{0,62}$/.test(project)
    ? await projects.get(project, context)
    : undefined;
  if (found?.team !== team) throw missingReference('budget.project', project);
}
