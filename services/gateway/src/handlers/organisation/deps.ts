import type { RubricService } from '@atelier/protos/atelier/evaluation/v1/rubric_service_pb.ts';
import type { Client } from '@atelier/rpc';
import type { OrganisationStore } from '../../organisation/organisation-store.ts';

/** What the handlers of the organisation's rules need. */
export interface OrganisationDeps {
  readonly store: OrganisationStore;
  /** Who checks questions. */
  readonly rubrics: Client<typeof RubricService>;
  readonly now: () => Date;
}
