import type { Project } from '@atelier/protos/atelier/gateway/v1/project_pb.ts';
import type { Budget } from '@atelier/protos/atelier/gateway/v1/team_pb.ts';
import { periodOf } from './period.ts';
import type { Limit } from './spend-book.ts';

/** A budget as a limit. */
export function budgetLimit(budget: Budget): Limit {
  return {
    source: budget.name,
    team: budget.team,
    project: budget.project === '' ? undefined : budget.project,
    period: periodOf(budget.period),
    limitMicroUsd: budget.limitMicroUsd,
    isHard: budget.hard,
  };
}

/** The limits that bind work for a project: those of its team, its own, and its monthly one. All hard but soft budgets. */
export function limitsOf(
  budgets: readonly Budget[],
  team: string,
  name: string,
  project: Project | undefined,
): readonly Limit[] {
  const bound = budgets
    .filter((budget) => budget.team === team && (budget.project === '' || budget.project === name))
    .map(budgetLimit);
  const monthly = project?.monthlyBudgetMicroUsd;
  if (monthly === undefined) return bound;
  return [
    ...bound,
    { source: name, team, project: name, period: 'month', limitMicroUsd: monthly, isHard: true },
  ];
}
