import type { ProjectService } from '@atelier/protos/atelier/gateway/v1/project_service_pb.ts';
import type { Handlers } from '@atelier/rpc';
import { checkOwn } from '../../projects/project-access.ts';
import { missing } from '../../resources/not-found.ts';
import type { ProjectDeps } from './deps.ts';

/** Reads a project as it is, or as it was at a revision. */
export function getProject({ store }: ProjectDeps): Handlers<typeof ProjectService>['getProject'] {
  return async ({ name, revision }, context) => {
    const project = await (revision === 0n
      ? store.get(name, context)
      : store.getRevision(name, revision, context));
    if (project === undefined) throw missing(name);
    checkOwn(project, context);
    return { project };
  };
}
