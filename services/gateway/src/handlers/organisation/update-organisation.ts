import type { OrganisationService } from '@atelier/protos/atelier/gateway/v1/organisation_service_pb.ts';
import { type Handlers, invalidArgument } from '@atelier/rpc';
import { calling } from '../../generations/rebase-error.ts';
import { checkRules } from '../../organisation/check-rules.ts';
import type { OrganisationDeps } from './deps.ts';

/** Replaces the rules, or only checks them. */
export function updateOrganisation({
  store,
  rubrics,
  now,
}: OrganisationDeps): Handlers<typeof OrganisationService>['updateOrganisation'] {
  return async ({ organisation: asked, validateOnly }, context) => {
    if (asked === undefined) throw invalidArgument('organisation', 'is required');
    const { rules, warnings } = await checkRules(asked, rubrics, context);
    const written = validateOnly ? store.preview(rules, context) : store.replace(rules, now(), context);
    // Rules are one document, which has a limit of its own.
    const organisation = await calling('storage', written, (field) =>
      field === 'content' ? 'organisation' : undefined,
    );
    return { organisation, warnings: [...warnings] };
  };
}
