import type { ProjectService } from '@atelier/protos/atelier/gateway/v1/project_service_pb.ts';
import { type Handlers, invalidArgument } from '@atelier/rpc';
import { checkOwn } from '../../projects/project-access.ts';
import { checkReferences } from '../../projects/references.ts';
import { checkedSettings } from '../../projects/settings.ts';
import { missing } from '../../resources/not-found.ts';
import type { ProjectDeps } from './deps.ts';

/** Replaces a project's settings, which makes its next revision. */
export function updateProject(deps: ProjectDeps): Handlers<typeof ProjectService>['updateProject'] {
  return async ({ project: asked }, context) => {
    if (asked === undefined) throw invalidArgument('project', 'is required');
    const project = checkedSettings(asked);
    const { store, references, now } = deps;
    const present = await store.get(project.name, context);
    if (present === undefined) throw missing(project.name);
    checkOwn(present, context);
    await checkReferences(project, references, context);
    const settings = () => project;
    return { project: await store.change(project.name, project.etag, now(), settings, context) };
  };
}
