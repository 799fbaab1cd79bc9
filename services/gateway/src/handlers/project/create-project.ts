import type { ProjectService } from '@atelier/protos/atelier/gateway/v1/project_service_pb.ts';
import {
  Code,
  type Handlers,
  invalidArgument,
  isRpcError,
  permissionDenied,
  requirePrincipal,
} from '@atelier/rpc';
import { mayUseProject } from '../../identity/team-access.ts';
import { checkReferences } from '../../projects/references.ts';
import { checkedSettings } from '../../projects/settings.ts';
import type { ProjectDeps } from './deps.ts';

/** Makes a project of the caller's team. */
export function createProject(deps: ProjectDeps): Handlers<typeof ProjectService>['createProject'] {
  return async ({ project: asked }, context) => {
    if (asked === undefined) throw invalidArgument('project', 'is required');
    const project = checkedSettings(asked);
    const principal = requirePrincipal(context);
    const { team } = principal;
    if (!mayUseProject(principal, project.name)) {
      throw permissionDenied(`This key may use ${principal.project} only.`);
    }
    await checkReferences(project, deps.references, context);
    try {
      const created = await deps.store.create(project, team, deps.now(), context);
      deps.creations.note(team, context.requestId, created.name);
      return { project: created };
    } catch (error) {
      const isTaken = isRpcError(error, Code.ALREADY_EXISTS);
      if (!isTaken || !deps.creations.isRepeat(team, context.requestId, project.name)) throw error;
      const present = await deps.store.get(project.name, context);
      if (present === undefined) throw error;
      return { project: present };
    }
  };
}
