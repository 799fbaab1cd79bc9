import type { OrganisationService } from '@atelier/protos/atelier/gateway/v1/organisation_service_pb.ts';
import type { Handlers } from '@atelier/rpc';
import type { OrganisationDeps } from './deps.ts';
import { getOrganisation } from './get-organisation.ts';
import { updateOrganisation } from './update-organisation.ts';

/** The handlers of OrganisationService. */
export function organisationHandlers(deps: OrganisationDeps): Handlers<typeof OrganisationService> {
  return {
    getOrganisation: getOrganisation(deps),
    updateOrganisation: updateOrganisation(deps),
  };
}
