import type { TeamService } from '@atelier/protos/atelier/gateway/v1/team_service_pb.ts';
import { type Handlers, invalidArgument } from '@atelier/rpc';
import type { TeamDeps } from './deps.ts';

/** Replaces a team's settings. */
export function updateTeam({ store, now }: TeamDeps): Handlers<typeof TeamService>['updateTeam'] {
  return async ({ team }, context) => {
    if (team === undefined) throw invalidArgument('team', 'is required');
    return { team: await store.replace(team, now(), context) };
  };
}
