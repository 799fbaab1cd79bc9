import type { TeamService } from '@atelier/protos/atelier/gateway/v1/team_service_pb.ts';
import type { Handlers } from '@atelier/rpc';
import { createTeam } from './create-team.ts';
import type { TeamDeps } from './deps.ts';
import { getTeam } from './get-team.ts';
import { listTeams } from './list-teams.ts';
import { updateTeam } from './update-team.ts';

/** The handlers of TeamService. */
export function teamHandlers(deps: TeamDeps): Handlers<typeof TeamService> {
  return {
    createTeam: createTeam(deps),
    getTeam: getTeam(deps),
    listTeams: listTeams(deps),
    updateTeam: updateTeam(deps),
  };
}
