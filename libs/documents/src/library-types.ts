import type { Visibility } from '@atelier/protos/atelier/prompt/v1/template_pb.ts';
import type { CallOptions, Principal } from '@atelier/rpc';
import type { Message } from '@bufbuild/protobuf';
import type { GenMessage } from '@bufbuild/protobuf/codegenv2';
import type { Timestamp } from '@bufbuild/protobuf/wkt';
import type { DocumentClient } from './document-client.ts';

/** What the header of a versioned resource has: `Template` and `Rubric` do. */
export type LibraryHeader = Message & {
  name: string;
  team: string;
  displayName: string;
  description: string;
  visibility: Visibility;
  aliases: { [alias: string]: number };
  latestVersion: number;
  labels: { [key: string]: string };
  archived: boolean;
  revision: bigint;
  etag: string;
  createTime?: Timestamp | undefined;
  updateTime?: Timestamp | undefined;
};

/** What a version of such a resource has: `TemplateVersion` and `RubricVersion` do. */
export type LibraryVersion<C extends Message> = Message & {
  name: string;
  version: number;
  content?: C | undefined;
  changeNote: string;
  createTime?: Timestamp | undefined;
  creator: string;
  sha256: string;
};

/** Where the headers of a library are. */
export interface HeaderOptions<H extends LibraryHeader> {
  readonly client: DocumentClient;
  /** First part of resource names, and name of the collection of headers: `templates`. */
  readonly prefix: string;
  readonly header: GenMessage<H>;
  readonly now?: (() => Date) | undefined;
}

/** Where the versions of a library are. */
export interface VersionOptions<V extends LibraryVersion<C>, C extends Message> {
  readonly client: DocumentClient;
  readonly prefix: string;
  /** Collection of the versions: `template-versions`. */
  readonly versionCollection: string;
  readonly version: GenMessage<V>;
  readonly content: GenMessage<C>;
  /** Bytes of versions that are kept in memory, as JSON; the default is 32 MiB. */
  readonly cacheBytes?: number | undefined;
}

/** What a library is made of. */
export interface LibraryOptions<H extends LibraryHeader, V extends LibraryVersion<C>, C extends Message>
  extends HeaderOptions<H>,
    VersionOptions<V, C> {}

/** What a call to the library is given: the context of the call that is served fits. The principal is required. */
export type LibraryCall = CallOptions & { readonly principal: Principal | undefined };

/** What people may change of a header. */
export type Editable<H extends LibraryHeader> = Pick<
  H,
  'displayName' | 'description' | 'visibility' | 'labels'
>;

/** A resource and one of its versions. The messages are shared with the cache: read them, do not change them. */
export interface Resolved<H, V> {
  readonly header: H;
  readonly version: V;
}

/** What `create` is given. */
export interface CreateInput<H extends LibraryHeader, C extends Message> {
  readonly id: string;
  readonly header?: Partial<Editable<H>> | undefined;
  readonly content: C;
  readonly changeNote?: string | undefined;
  /** The caller's id for the attempt; the request id of the call stands in, which retries of one call share. */
  readonly requestId?: string | undefined;
  /** Further fields of the header, such as where it was forked from. */
  readonly extra?: Partial<H> | undefined;
}

/** What `addVersion` is given. */
export interface AddVersionInput<C extends Message> {
  readonly name: string;
  readonly content: C;
  readonly changeNote?: string | undefined;
  readonly etag?: string | undefined;
  /** Aliases to point at the new version in the same step. */
  readonly setAliases?: readonly string[] | undefined;
}

/** What a page is asked for with. */
export interface PageInput {
  /** 0 for the default. */
  readonly pageSize?: number | undefined;
  readonly pageToken?: string | undefined;
}

/** What `list` is given. */
export interface ListInput extends PageInput {
  readonly includeArchived?: boolean | undefined;
}

/** What `setAlias` is given. */
export interface AliasInput {
  readonly name: string;
  readonly alias: string;
  /** 0 removes the alias. */
  readonly version: number;
  readonly etag?: string | undefined;
}

/** What `archive` is given. */
export interface ArchiveInput {
  readonly name: string;
  readonly archived: boolean;
  readonly etag?: string | undefined;
}

/** What `fork` is given. */
export interface ForkInput<H, V> {
  /** The version to copy, named as for `get`. */
  readonly source: string;
  /** Id of the new resource. */
  readonly id: string;
  /** Further fields of the new header, made of the version that is copied. */
  readonly extra?: ((version: V) => Partial<H>) | undefined;
}

/** What `addVersion` gives. */
export interface AddedVersion<H, V> extends Resolved<H, V> {
  /** False where the content was that of the latest version already. */
  readonly added: boolean;
}
