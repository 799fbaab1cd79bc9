import { ProjectState } from '@atelier/protos/atelier/gateway/v1/project_pb.ts';
import type { ProjectService } from '@atelier/protos/atelier/gateway/v1/project_service_pb.ts';
import { type Handlers, requirePrincipal } from '@atelier/rpc';
import { mayUseProject } from '../../identity/team-access.ts';
import { listPage } from '../../resources/list-page.ts';
import type { ProjectDeps } from './deps.ts';

/** Lists the caller's projects, by name. */
export function listProjects({ store }: ProjectDeps): Handlers<typeof ProjectService>['listProjects'] {
  return async (request, context) => {
    const principal = requirePrincipal(context);
    const { documents, nextPageToken } = await listPage(
      store.collection,
      request,
      {
        team: principal.team,
        filters: ['projects', principal.team, principal.project ?? '', request.includeArchived],
        keep: ({ id, value }) =>
          mayUseProject(principal, `projects/${id}`) &&
          (request.includeArchived || value.state !== ProjectState.ARCHIVED),
      },
      context,
    );
    return { projects: documents.map(store.stamp), nextPageToken };
  };
}
