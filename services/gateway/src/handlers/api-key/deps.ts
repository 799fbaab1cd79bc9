import type { KeyStore } from '../../identity/key-store.ts';
import type { ProjectStore } from '../../projects/project-store.ts';
import type { TeamStore } from '../../teams/team-store.ts';

/** What the handlers of API keys need. */
export interface ApiKeyDeps {
  readonly keys: KeyStore;
  readonly teams: TeamStore;
  readonly projects: ProjectStore;
  readonly now: () => Date;
}
