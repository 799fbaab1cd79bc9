import type { ApiKey } from '@atelier/protos/atelier/gateway/v1/team_pb.ts';
import { type CallContext, hasScope, permissionDenied, requirePrincipal } from '@atelier/rpc';
import { scopeOf } from '../../identity/scopes.ts';
import { isPlatformAdmin } from '../../identity/team-access.ts';
import { missing } from '../../resources/not-found.ts';

type Context = Pick<CallContext, 'principal' | 'method'>;

/** Throws NOT_FOUND unless the key is one that the caller may administer. */
export function checkKeyAccess(apiKey: ApiKey, context: Context): void {
  const principal = requirePrincipal(context);
  if (isPlatformAdmin(principal)) return;
  const isOwnTeam = apiKey.team === principal.team;
  if (!isOwnTeam || (principal.project !== undefined && apiKey.project !== principal.project)) {
    throw missing(apiKey.name);
  }
}

/**
 * Throws PERMISSION_DENIED unless the caller has every scope of the key, and is not bound to another project: nobody
 * gets a secret that allows more than he may, but for administrators of the platform.
 */
export function checkGrant({ scopes, project }: ApiKey, context: Context): void {
  const principal = requirePrincipal(context);
  if (isPlatformAdmin(principal)) return;
  const lacking = scopes.map(scopeOf).filter((scope) => scope === undefined || !hasScope(principal, scope));
  if (lacking.length > 0) {
    throw permissionDenied(`This key cannot give the scope ${lacking.join(', ')}, which it does not have.`, {
      reason: 'SCOPE_MISSING',
      metadata: { scopes: lacking.join(',') },
    });
  }
  if (principal.project !== undefined && project !== principal.project) {
    throw permissionDenied(`This key may make keys for ${principal.project} only.`);
  }
}
