import { type Collection, type DocumentClient, etagOf, typedCollection } from '@atelier/documents';
import { type Project, ProjectSchema, ProjectState } from '@atelier/protos/atelier/gateway/v1/project_pb.ts';
import { type CallOptions, Code, isRpcError } from '@atelier/rpc';
import { equals } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { ResourceStore } from '../resources/resource-store.ts';

/**
 * Projects, each with its past revisions. The current one is in `projects`; before it is replaced it is copied to
 * `project-revisions`, so that a revision that a generation ran under can always be read.
 */
export class ProjectStore {
  readonly #projects: ResourceStore<Project>;
  readonly #past: Collection<Project>;

  constructor(client: DocumentClient) {
    const collection = typedCollection({ client, collection: 'projects', schema: ProjectSchema });
    this.#projects = new ResourceStore('projects', collection);
    this.#past = typedCollection({ client, collection: 'project-revisions', schema: ProjectSchema });
  }

  /** The current projects as documents, for lists. */
  get collection(): Collection<Project> {
    return this.#projects.collection;
  }

  /** A listed document as a project. */
  readonly stamp: ResourceStore<Project>['stamp'] = (stored) => this.#projects.stamp(stored);

  /** The project as it is now; undefined where there is none. */
  get(name: string, call?: CallOptions): Promise<Project | undefined> {
    return this.#projects.get(name, call);
  }

  /** The project as it was at a revision; undefined where there was no such revision. */
  async getRevision(name: string, revision: bigint, call?: CallOptions): Promise<Project | undefined> {
    const current = await this.get(name, call);
    if (current === undefined || current.revision === revision) return current;
    const past = await this.#past.get(pastId(this.#projects.idOf(name), revision), call);
    return past === undefined ? undefined : { ...past.value, revision, etag: etagOf(name, revision) };
  }

  /** ALREADY_EXISTS where the name is taken, by whatever team. */
  create(project: Project, team: string, now: Date, call?: CallOptions): Promise<Project> {
    const time = timestampFromDate(now);
    const state = project.state === ProjectState.UNSPECIFIED ? ProjectState.ACTIVE : project.state;
    return this.#projects.create({ ...project, team, state, createTime: time, updateTime: time }, team, call);
  }

  /**
   * Replaces the settings of a project by what `change` makes of the current one; it may throw. Settings that are the
   * same already make no new revision.
   */
  change(
    name: string,
    etag: string,
    now: Date,
    change: (current: Project) => Project,
    call?: CallOptions,
  ): Promise<Project> {
    return this.#projects.change(
      name,
      etag,
      async (current) => {
        const next = withSettings(current, change(current));
        if (equals(ProjectSchema, next, current)) return undefined;
        await this.#keepPast(current, call);
        return { ...next, updateTime: timestampFromDate(now) };
      },
      call,
    );
  }

  async #keepPast(project: Project, call?: CallOptions): Promise<void> {
    const id = pastId(this.#projects.idOf(project.name), project.revision);
    try {
      await this.#past.put(id, project.team, project, { expectedRevision: 0n }, call);
    } catch (error) {
      // It was kept by an earlier attempt; a revision never changes.
      if (!isRpcError(error, Code.ABORTED)) throw error;
    }
  }
}

function pastId(id: string, revision: bigint): string {
  return `${id}:${revision}`;
}

/** The settings of one, and of the other what only the platform writes. */
function withSettings(current: Project, settings: Project): Project {
  const { name, team, revision, etag, createTime, updateTime } = current;
  const state = settings.state === ProjectState.UNSPECIFIED ? current.state : settings.state;
  const { createTime: _, updateTime: __, ...rest } = settings;
  return {
    ...rest,
    state,
    name,
    team,
    revision,
    etag,
    ...(createTime !== undefined && { createTime }),
    ...(updateTime !== undefined && { updateTime }),
  };
}
