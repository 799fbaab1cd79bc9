import { type Collection, type DocumentClient, typedCollection } from '@atelier/documents';
import { type Team, TeamSchema, TeamState } from '@atelier/protos/atelier/gateway/v1/team_pb.ts';
import { type CallOptions, Code, failedPrecondition, isRpcError } from '@atelier/rpc';
import { create, equals } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { checkEtag } from '../resources/etag.ts';
import { ResourceStore } from '../resources/resource-store.ts';

/**
 * Teams. Those that the configuration speaks of (the local one, and those of keys from a file) exist from the start,
 * with revision 0, until somebody writes them.
 */
export class TeamStore {
  readonly #teams: ResourceStore<Team>;
  readonly #builtin: ReadonlySet<string>;

  constructor(client: DocumentClient, builtin: Iterable<string>) {
    const collection = typedCollection({ client, collection: 'teams', schema: TeamSchema });
    this.#teams = new ResourceStore('teams', collection);
    this.#builtin = new Set(builtin);
  }

  /** The written teams as documents, for lists. */
  get collection(): Collection<Team> {
    return this.#teams.collection;
  }

  /** A listed document as a team. */
  readonly stamp: ResourceStore<Team>['stamp'] = (stored) => this.#teams.stamp(stored);

  /** Writes those teams of the configuration that nobody wrote yet, so that lists show them. */
  async writeBuiltin(now: Date, call?: CallOptions): Promise<void> {
    for (const name of this.#builtin) {
      if ((await this.#teams.get(name, call)) !== undefined) continue;
      try {
        await this.create(create(TeamSchema, { name }), now, call);
      } catch (error) {
        if (!isRpcError(error, Code.ALREADY_EXISTS)) throw error;
      }
    }
  }

  /** Undefined where there is no such team. */
  async get(name: string, call?: CallOptions): Promise<Team | undefined> {
    return (await this.#teams.get(name, call)) ?? this.#unwritten(name);
  }

  /** ALREADY_EXISTS where the name is taken. */
  create(team: Team, now: Date, call?: CallOptions): Promise<Team> {
    const time = timestampFromDate(now);
    const state = team.state === TeamState.UNSPECIFIED ? TeamState.ACTIVE : team.state;
    return this.#teams.create({ ...team, state, createTime: time, updateTime: time }, team.name, call);
  }

  /** Replaces a team's settings. NOT_FOUND, ABORTED (ETAG_MISMATCH). */
  async replace(settings: Team, now: Date, call?: CallOptions): Promise<Team> {
    const unwritten = this.#unwritten(settings.name);
    if (unwritten !== undefined && (await this.#teams.get(settings.name, call)) === undefined) {
      checkEtag(settings.etag, unwritten.name, unwritten.revision);
      return this.create(settings, now, call);
    }
    return this.#teams.change(
      settings.name,
      settings.etag,
      (current) => {
        const next = withSettings(current, settings);
        if (equals(TeamSchema, next, current)) return undefined;
        return { ...next, updateTime: timestampFromDate(now) };
      },
      call,
    );
  }

  /** Throws FAILED_PRECONDITION (WRONG_STATE) where the team is paused. */
  async checkActive(name: string, call?: CallOptions): Promise<void> {
    const team = await this.get(name, call);
    if (team?.state !== TeamState.PAUSED) return;
    throw failedPrecondition(`${name} is paused: new work is refused.`, {
      reason: 'WRONG_STATE',
      metadata: { resource: name },
    });
  }

  #unwritten(name: string): Team | undefined {
    if (!this.#builtin.has(name)) return undefined;
    return create(TeamSchema, { name, state: TeamState.ACTIVE });
  }
}

/** The settings of one, and of the other what only the platform writes. */
function withSettings(current: Team, settings: Team): Team {
  const state = settings.state === TeamState.UNSPECIFIED ? current.state : settings.state;
  const { displayName, owners, costCentre } = settings;
  return { ...current, displayName, owners, costCentre, state };
}
