import type { ProjectService } from '@atelier/protos/atelier/gateway/v1/project_service_pb.ts';
import type { Handlers } from '@atelier/rpc';
import { createProject } from './create-project.ts';
import type { ProjectDeps } from './deps.ts';
import { getProject } from './get-project.ts';
import { listProjects } from './list-projects.ts';
import { setProjectState } from './set-project-state.ts';
import { updateProject } from './update-project.ts';

/** The handlers of ProjectService. */
export function projectHandlers(deps: ProjectDeps): Handlers<typeof ProjectService> {
  return {
    createProject: createProject(deps),
    getProject: getProject(deps),
    listProjects: listProjects(deps),
    updateProject: updateProject(deps),
    setProjectState: setProjectState(deps),
  };
}
