import type { Project } from '@atelier/protos/atelier/gateway/v1/project_pb.ts';
import { type CallContext, requirePrincipal } from '@atelier/rpc';
import type { ProjectReader } from '../generations/ports.ts';
import { mayUseProject } from '../identity/team-access.ts';
import { missing } from '../resources/not-found.ts';
import type { ProjectStore } from './project-store.ts';

/** Throws NOT_FOUND unless the project is of the caller's team, and not outside the one that its key is bound to. */
export function checkOwn(project: Project, context: Pick<CallContext, 'principal' | 'method'>): void {
  const principal = requirePrincipal(context);
  if (project.team !== principal.team || !mayUseProject(principal, project.name)) throw missing(project.name);
}

/** Reads projects for callers: what is another team's does not exist. */
export function projectReader(store: ProjectStore): ProjectReader {
  return {
    async get(name, context) {
      const project = await store.get(name, context);
      if (project === undefined) throw missing(name);
      checkOwn(project, context);
      return project;
    },
  };
}
