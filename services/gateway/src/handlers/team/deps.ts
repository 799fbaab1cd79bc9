import type { RecentCreations } from '../../resources/recent-creations.ts';
import type { TeamStore } from '../../teams/team-store.ts';

/** What the handlers of teams need. */
export interface TeamDeps {
  readonly store: TeamStore;
  readonly creations: RecentCreations;
  readonly now: () => Date;
}
