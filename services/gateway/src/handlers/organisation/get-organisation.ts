import type { OrganisationService } from '@atelier/protos/atelier/gateway/v1/organisation_service_pb.ts';
import type { Handlers } from '@atelier/rpc';
import type { OrganisationDeps } from './deps.ts';

/** Reads the rules: every team works under them, and so may know them. */
export function getOrganisation({
  store,
}: OrganisationDeps): Handlers<typeof OrganisationService>['getOrganisation'] {
  return async (_, context) => ({ organisation: await store.get(context) });
}
