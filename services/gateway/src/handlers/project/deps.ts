import type { ProjectStore } from '../../projects/project-store.ts';
import type { ReferenceClients } from '../../projects/references.ts';
import type { RecentCreations } from '../../resources/recent-creations.ts';

/** What the handlers of projects need. */
export interface ProjectDeps {
  readonly store: ProjectStore;
  readonly references: ReferenceClients;
  readonly creations: RecentCreations;
  readonly now: () => Date;
}
