import type { TeamService } from '@atelier/protos/atelier/gateway/v1/team_service_pb.ts';
import { type Handlers, requirePrincipal } from '@atelier/rpc';
import { isPlatformAdmin } from '../../identity/team-access.ts';
import { listPage } from '../../resources/list-page.ts';
import type { TeamDeps } from './deps.ts';

/** Lists teams by name: all for an administrator of the platform, else the caller's own. */
export function listTeams({ store, now }: TeamDeps): Handlers<typeof TeamService>['listTeams'] {
  return async (request, context) => {
    const principal = requirePrincipal(context);
    if (!isPlatformAdmin(principal)) {
      const own = await store.get(principal.team, context);
      return { teams: own === undefined ? [] : [own] };
    }
    await store.writeBuiltin(now(), context);
    const filter = { team: undefined, filters: ['teams'], keep: () => true };
    const { documents, nextPageToken } = await listPage(store.collection, request, filter, context);
    return { teams: documents.map(store.stamp), nextPageToken };
  };
}
