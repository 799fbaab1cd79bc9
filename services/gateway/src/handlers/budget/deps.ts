import type { BudgetStore } from '../../budget/budget-store.ts';
import type { SpendBook } from '../../budget/spend-book.ts';
import type { SpendLoader } from '../../budget/spend-loader.ts';
import type { ProjectStore } from '../../projects/project-store.ts';
import type { TeamStore } from '../../teams/team-store.ts';

/** What the handlers of budgets need. */
export interface BudgetDeps {
  readonly store: BudgetStore;
  readonly book: SpendBook;
  readonly loader: SpendLoader;
  readonly teams: TeamStore;
  readonly projects: ProjectStore;
  readonly now: () => Date;
}
