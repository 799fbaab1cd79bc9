import type { TeamService } from '@atelier/protos/atelier/gateway/v1/team_service_pb.ts';
import { Code, type Handlers, invalidArgument, isRpcError, requirePrincipal } from '@atelier/rpc';
import type { TeamDeps } from './deps.ts';

/** Makes a team. */
export function createTeam({ store, creations, now }: TeamDeps): Handlers<typeof TeamService>['createTeam'] {
  return async ({ team }, context) => {
    if (team === undefined) throw invalidArgument('team', 'is required');
    const caller = requirePrincipal(context).team;
    try {
      const created = await store.create(team, now(), context);
      creations.note(caller, context.requestId, created.name);
      return { team: created };
    } catch (error) {
      const isTaken = isRpcError(error, Code.ALREADY_EXISTS);
      if (!isTaken || !creations.isRepeat(caller, context.requestId, team.name)) throw error;
      const present = await store.get(team.name, context);
      if (present === undefined) throw error;
      return { team: present };
    }
  };
}
