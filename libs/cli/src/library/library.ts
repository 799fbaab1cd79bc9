import type { Visibility } from '@atelier/protos/atelier/prompt/v1/template_pb.ts';
import type { DescMessage, JsonObject, Message } from '@bufbuild/protobuf';
import type { Timestamp } from '@bufbuild/protobuf/wkt';
import type { Difference } from '../files/difference.ts';
import type { LibraryFile, LibraryKind } from '../files/library-file.ts';

/** What templates and rubrics have in common. */
export interface LibraryHead extends Message {
  readonly name: string;
  readonly displayName: string;
  readonly description: string;
  readonly visibility: Visibility;
  readonly aliases: { readonly [alias: string]: number };
  readonly latestVersion: number;
  readonly labels: { readonly [key: string]: string };
  readonly archived: boolean;
  readonly etag: string;
}

/** A version of either. */
export interface LibraryVersion extends Message {
  readonly name: string;
  readonly version: number;
  readonly content?: Message | undefined;
  readonly changeNote: string;
  readonly creator: string;
  readonly createTime?: Timestamp | undefined;
}

/** A resource with one of its versions. */
export interface LibraryEntry {
  readonly head: LibraryHead;
  readonly version: LibraryVersion;
}

/** What a check of content says. */
export interface LibraryValidation {
  readonly warnings: readonly string[];
  readonly usedVariables: readonly string[];
  /** What came of the sample variables, in lines. */
  readonly rendered: readonly string[];
}

/** A page of a list. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly nextPageToken: string;
}

/** Templates or rubrics: the same work on both. */
export interface Library {
  readonly kind: LibraryKind;
  /** One of them, in words. */
  readonly noun: string;
  readonly schemas: {
    readonly head: DescMessage;
    readonly version: DescMessage;
    readonly content: DescMessage;
  };
  /** Reads a resource and the version that its name says; undefined where it does not exist. */
  get(name: string): Promise<LibraryEntry>;
  list(
    pageSize: number,
    pageToken: string,
    options: { readonly includeArchived: boolean },
  ): Promise<Page<LibraryHead>>;
  versions(name: string, pageSize: number, pageToken: string): Promise<Page<LibraryVersion>>;
  create(file: LibraryFile): Promise<LibraryEntry>;
  addVersion(
    name: string,
    change: {
      readonly content: Message;
      readonly changeNote: string;
      readonly etag?: string;
      readonly setAliases?: readonly string[];
    },
  ): Promise<LibraryEntry & { readonly added: boolean }>;
  update(head: LibraryHead): Promise<LibraryHead>;
  setAlias(name: string, alias: string, version: number): Promise<LibraryHead>;
  archive(name: string, archived: boolean): Promise<LibraryHead>;
  validate(content: Message, sampleVariables: JsonObject | undefined): Promise<LibraryValidation>;
  /** What differs between two versions. */
  diff(base: string, head: string): Promise<Difference[]>;
}
