import { Visibility } from '@atelier/protos/atelier/prompt/v1/template_pb.ts';
import { Code, failedPrecondition, isRpcError } from '@atelier/rpc';
import type { Message } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { callerOf, isVisible, missing } from './access.ts';
import { contentDigest } from './canonical.ts';
import { refusal } from './creation.ts';
import { editable, requireActive, requireAlias, withAliases } from './header-fields.ts';
import type { HeaderRecord } from './header-record.ts';
import { type HeaderDocument, HeaderStore } from './header-store.ts';
import { listHeaders, listVersions } from './library-lists.ts';
import type {
  AddedVersion,
  AddVersionInput,
  AliasInput,
  ArchiveInput,
  CreateInput,
  ForkInput,
  LibraryCall,
  LibraryHeader,
  LibraryOptions,
  LibraryVersion,
  ListInput,
  PageInput,
  Resolved,
} from './library-types.ts';
import { parseName, selectVersion } from './resource-name.ts';
import { VersionStore } from './version-store.ts';

/** Versions of one resource: what its header can list and still be a small document. */
export const MAX_VERSIONS = 2_000;

/**
 * A library of versioned resources, such as templates and rubrics: a header that changes by compare-and-set, with
 * aliases, and immutable versions numbered from 1. Ids are unique over all teams, so that a name means one thing in
 * every record. Headers are read afresh for every call, versions are kept in memory.
 *
 * A team reads its own resources and those that are visible to the organisation, and changes its own. What it cannot
 * see is NOT_FOUND. A change that is already there succeeds whatever the etag, so that repeats of a call are harmless;
 * any other change with an etag that is not current is ABORTED (ETAG_MISMATCH).
 */
export class VersionedLibrary<H extends LibraryHeader, V extends LibraryVersion<C>, C extends Message> {
  readonly #prefix: string;
  readonly #headers: HeaderStore<H>;
  readonly #versions: VersionStore<V, C>;

  constructor(options: LibraryOptions<H, V, C>) {
    this.#prefix = options.prefix;
    this.#headers = new HeaderStore<H>(options);
    this.#versions = new VersionStore<V, C>(options);
  }

  /**
   * Reads a resource and the version that the name means: `x/{id}` the alias `production`, else the latest;
   * `x/{id}/versions/{number or alias}` that one. `field` is named where the name is malformed.
   */
  async get(name: string, call: LibraryCall, field = 'name'): Promise<Resolved<H, V>> {
    const { id, selector } = parseName(this.#prefix, name, field);
    const document = await this.#headers.visible(id, call);
    const { resource, versions } = document.value;
    const number = selectVersion(selector, resource.aliases, versions.length);
    if (number === undefined) throw missing(name);
    return this.#resolved(document, number, call);
  }

  /**
   * Makes a resource with its first version. ALREADY_EXISTS where the id is taken, unless by the same attempt with the
   * same body, which gets what it made; the same `requestId` with another body is REQUEST_ID_REUSED.
   */
  async create(input: CreateInput<H, C>, call: LibraryCall): Promise<Resolved<H, V>> {
    const { id, content, changeNote = '', extra } = input;
    const { team } = callerOf(call);
    const fields = editable(input.header ?? {});
    const digest = this.#versions.digest(content);
    const created = {
      request: input.requestId || (call.requestId ?? ''),
      body: contentDigest({ id, fields, digest, changeNote }),
    };
    const present = await this.#headers.collection.get(id, call);
    if (present !== undefined) return this.#repeated(present, created, call);
    const at = this.#headers.now();
    const time = timestampFromDate(at);
    const name = this.#headers.nameOf(id);
    const resource = this.#headers.message({
      ...fields,
      ...extra,
      name,
      team,
      createTime: time,
      updateTime: time,
    });
    const suffix = await this.#versions.write(id, content, changeNote, at, call);
    try {
      const record = { resource, versions: [suffix], created };
      return await this.#resolved(await this.#headers.collection.create(id, team, record, call), 1, call);
    } catch (error) {
      if (!isRpcError(error, Code.ALREADY_EXISTS)) throw error;
      await this.#versions.discard(id, suffix, call);
      const winner = await this.#headers.collection.get(id, call);
      if (winner === undefined) throw error;
      return this.#repeated(winner, created, call);
    }
  }

  /**
   * Adds a version, and points aliases at it in the same step. The content of the latest version gives that one back,
   * with `added` false. FAILED_PRECONDITION where the resource is archived or has 2,000 versions.
   */
  async addVersion(input: AddVersionInput<C>, call: LibraryCall): Promise<AddedVersion<H, V>> {
    const { name, content, etag = '', setAliases = [] } = input;
    for (const [index, alias] of setAliases.entries()) requireAlias(alias, `set_aliases[${index}]`);
    const { id } = parseName(this.#prefix, name, 'name');
    const current = await this.#headers.owned(id, call);
    requireActive(current.value.resource);
    const number = current.value.versions.length;
    const latest = await this.#resolved(current, number, call);
    if (latest.version.sha256 !== this.#versions.digest(content)) return this.#append(id, input, call);
    const document = await this.#headers.change(id, etag, call, ({ resource }) =>
      withAliases(resource, setAliases, number),
    );
    return { header: this.#headers.present(document), version: latest.version, added: false };
  }

  /** Lists what the team can see, by id. */
  async list(
    input: ListInput,
    call: LibraryCall,
  ): Promise<{ readonly headers: H[]; readonly nextPageToken: string }> {
    const { team } = callerOf(call);
    const withArchived = input.includeArchived === true;
    const isListed = ({ resource }: HeaderRecord<H>) =>
      isVisible(resource, team) && (withArchived || !resource.archived);
    const filters = [this.#prefix, team, withArchived];
    const { documents, nextPageToken } = await listHeaders(
      this.#headers.collection,
      isListed,
      filters,
      input,
      call,
    );
    return { headers: documents.map((document) => this.#headers.present(document)), nextPageToken };
  }

  /** Lists the versions of a resource, newest first. A page may hold fewer than asked where versions are large. */
  async listVersions(
    input: PageInput & { readonly name: string },
    call: LibraryCall,
  ): Promise<{ readonly versions: V[]; readonly nextPageToken: string }> {
    const { id } = parseName(this.#prefix, input.name, 'name');
    const document = await this.#headers.visible(id, call);
    const suffixes = document.value.versions;
    const read = (number: number) => this.#versions.read(id, suffixes[number - 1] as string, number, call);
    return listVersions(suffixes.length, read, [this.#prefix, id], input);
  }

  /** Points an alias at a version; version 0 removes it. NOT_FOUND for a version that is not there. */
  async setAlias({ name, alias, version, etag = '' }: AliasInput, call: LibraryCall): Promise<H> {
    requireAlias(alias, 'alias');
    const { id } = parseName(this.#prefix, name, 'name');
    const document = await this.#headers.change(id, etag, call, ({ resource, versions }) => {
      if (version > versions.length) throw missing(`${name}/versions/${version}`);
      if (version > 0) return withAliases(resource, [alias], version);
      const { [alias]: removed, ...others } = resource.aliases;
      return removed === undefined ? undefined : { aliases: others };
    });
    return this.#headers.present(document);
  }

  /** Changes display name, description, visibility and labels to those of the header; its etag counts. */
  async update(header: H, call: LibraryCall, field = 'name'): Promise<H> {
    const { id } = parseName(this.#prefix, header.name, field);
    const wanted = editable(header);
    const document = await this.#headers.change(id, header.etag, call, ({ resource }) =>
      contentDigest(wanted) === contentDigest(editable(resource)) ? undefined : wanted,
    );
    return this.#headers.present(document);
  }

  /** Archives a resource, or brings it back. Versions stay readable, aliases movable. */
  async archive({ name, archived, etag = '' }: ArchiveInput, call: LibraryCall): Promise<H> {
    const { id } = parseName(this.#prefix, name, 'name');
    const document = await this.#headers.change(id, etag, call, ({ resource }) =>
      resource.archived === archived ? undefined : { archived },
    );
    return this.#headers.present(document);
  }

  /** Copies a version that the team can see into a new resource of the team. */
  async fork({ source, id, extra }: ForkInput<H, V>, call: LibraryCall): Promise<Resolved<H, V>> {
    const { header, version } = await this.get(source, call, 'source');
    if (version.content === undefined) throw missing(version.name);
    return this.create(
      {
        id,
        header: { ...editable(header), visibility: Visibility.TEAM },
        content: version.content,
        changeNote: `Forked from ${version.name}.`,
        extra: extra?.(version),
      },
      call,
    );
  }

  async #append(id: string, input: AddVersionInput<C>, call: LibraryCall): Promise<AddedVersion<H, V>> {
    const { content, changeNote = '', etag = '', setAliases = [] } = input;
    const suffix = await this.#versions.write(id, content, changeNote, this.#headers.now(), call);
    let isRefused = false;
    try {
      const document = await this.#headers.rewrite(id, call, (current) => {
        const { resource, versions } = current.value;
        // An earlier attempt got through and its answer was lost.
        if (versions.includes(suffix)) return undefined;
        isRefused = true;
        requireActive(resource);
        this.#headers.requireEtag(current, etag);
        requireRoom(resource, versions);
        isRefused = false;
        const changes = withAliases(resource, setAliases, versions.length + 1) ?? {};
        return { ...this.#headers.changed(current.value, changes), versions: [...versions, suffix] };
      });
      const number = document.value.versions.indexOf(suffix) + 1;
      return { ...(await this.#resolved(document, number, call)), added: true };
    } catch (error) {
      // Only where it is certain that no header lists it: an answer that was lost may have been a success.
      if (isRefused) await this.#versions.discard(id, suffix, call);
      throw error;
    }
  }

  async #resolved(document: HeaderDocument<H>, number: number, call: LibraryCall): Promise<Resolved<H, V>> {
    const suffix = document.value.versions[number - 1] as string;
    const { version } = await this.#versions.read(document.id, suffix, number, call);
    return { header: this.#headers.present(document), version };
  }

  /** What an earlier attempt with the same id and body made, or ALREADY_EXISTS. */
  async #repeated(
    document: HeaderDocument<H>,
    attempt: HeaderRecord<H>['created'],
    call: LibraryCall,
  ): Promise<Resolved<H, V>> {
    const refused = refusal(document.value, callerOf(call).team, attempt, this.#headers.now());
    if (refused !== undefined) throw refused;
    return this.#resolved(document, 1, call);
  }
}

function requireRoom(resource: LibraryHeader, versions: readonly string[]): void {
  if (versions.length < MAX_VERSIONS) return;
  throw failedPrecondition(`${resource.name} has ${MAX_VERSIONS} versions; fork it to go on.`, {
    metadata: { resource: resource.name },
  });
}
