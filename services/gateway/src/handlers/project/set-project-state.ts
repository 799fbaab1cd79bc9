import type { ProjectService } from '@atelier/protos/atelier/gateway/v1/project_service_pb.ts';
import type { Handlers } from '@atelier/rpc';
import { checkOwn } from '../../projects/project-access.ts';
import type { ProjectDeps } from './deps.ts';

/** Changes whether a project takes work. */
export function setProjectState({
  store,
  now,
}: ProjectDeps): Handlers<typeof ProjectService>['setProjectState'] {
  return async ({ name, state, etag }, context) => {
    const project = await store.change(
      name,
      etag,
      now(),
      (current) => {
        checkOwn(current, context);
        return { ...current, state };
      },
      context,
    );
    return { project };
  };
}
