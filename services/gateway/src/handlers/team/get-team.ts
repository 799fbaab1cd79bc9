import type { TeamService } from '@atelier/protos/atelier/gateway/v1/team_service_pb.ts';
import type { Handlers } from '@atelier/rpc';
import { teamAsked } from '../../identity/team-access.ts';
import { missing } from '../../resources/not-found.ts';
import type { TeamDeps } from './deps.ts';

/** Reads a team: the caller's own, or for an administrator of the platform any. */
export function getTeam({ store }: TeamDeps): Handlers<typeof TeamService>['getTeam'] {
  return async ({ name }, context) => {
    const team = await store.get(teamAsked(name, context), context);
    if (team === undefined) throw missing(name);
    return { team };
  };
}
