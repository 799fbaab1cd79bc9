import { AtelierError, Code } from '@atelier/client';
import { type Project, ProjectSchema, ProjectState } from '@atelier/protos/atelier/gateway/v1/project_pb.ts';
import { clone, type JsonValue, toJson } from '@bufbuild/protobuf';
import { differences } from '../files/difference.ts';
import type { ProjectDir } from '../files/project-dir.ts';
import type { Session } from '../session.ts';
import type { Step } from './step.ts';

/**
 * What it takes to bring a project to what its file says. The state of a project is left as it is where the file does not
 * set it, so that applying files does not wake a project that was paused.
 */
export async function planProject(
  { services, call }: Pick<Session, 'services' | 'call'>,
  { project, projectFields }: Pick<ProjectDir, 'project' | 'projectFields'>,
): Promise<Step> {
  const { projects } = services;
  const current = await find(() => projects.getProject({ name: project.name }, call));
  const wanted = clone(ProjectSchema, project);
  if (current === undefined) {
    return {
      resource: project.name,
      action: 'create',
      summary: 'create',
      differences: differences(undefined, settings(wanted)),
      notes: [],
      run: async () => {
        await projects.createProject({ project: wanted }, call);
      },
    };
  }
  if (!projectFields.has('state')) wanted.state = current.state;
  wanted.etag = current.etag;
  const changed = differences(settings(current), settings(wanted));
  const isPaused = current.state === ProjectState.PAUSED || current.state === ProjectState.ARCHIVED;
  return {
    resource: project.name,
    action: changed.length > 0 ? 'update' : 'unchanged',
    summary:
      changed.length > 0
        ? `update revision ${current.revision}`
        : `unchanged at revision ${current.revision}`,
    differences: changed,
    notes:
      isPaused && wanted.state === current.state
        ? ['The project takes no work: it is paused or archived.']
        : [],
    run: async () => {
      if (changed.length > 0) await projects.updateProject({ project: wanted }, call);
    },
  };
}

async function find(read: () => Promise<{ project?: Project | undefined }>): Promise<Project | undefined> {
  try {
    return (await read()).project;
  } catch (error) {
    if (error instanceof AtelierError && error.code === Code.NOT_FOUND) return undefined;
    throw error;
  }
}

/** What callers set of a project, in its JSON form. */
function settings(project: Project): JsonValue {
  const copy = clone(ProjectSchema, project);
  Object.assign(copy, { team: '', revision: 0n, etag: '' });
  delete copy.createTime;
  delete copy.updateTime;
  // The platform keeps terms so.
  copy.forbiddenTerms = copy.forbiddenTerms.map((term) => term.trim());
  if (copy.state === ProjectState.UNSPECIFIED) copy.state = ProjectState.ACTIVE;
  return toJson(ProjectSchema, copy) as JsonValue;
}
