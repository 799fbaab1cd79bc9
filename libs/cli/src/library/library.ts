import type { Cost } from '@atelier/protos/atelier/common/v1/money_pb.ts';
import type { Question } from '@atelier/protos/atelier/evaluation/v1/rubric_pb.ts';
import type { Visibility } from '@atelier/protos/atelier/prompt/v1/template_pb.ts';
import type { DescMessage, JsonObject, Message } from '@bufbuild/protobuf';
import type { Timestamp } from '@bufbuild/protobuf/wkt';
import type { Difference } from '../files/difference.ts';
import type { LibraryFile, LibraryKind } from '../files/library-file.ts';

/** What templates and rubrics have in common. */
export interface LibraryHead extends Message {
  readonly name: string;
  /** Owner, `teams/{id}`. */
  readonly team: string;
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

/** With what content is tried, besides being checked. */
export interface Sample {
  readonly variables: JsonObject;
  /** Styles in place of the content's own. Templates only. */
  readonly style?: Readonly<Record<string, string>>;
  /** Empty for the content's own body. Templates only. */
  readonly dialect?: string;
}

/** What a check of content says, and what came of the sample. */
export interface LibraryValidation {
  readonly warnings: readonly string[];
  readonly usedVariables: readonly string[];
  /** Templates: the prompt. Empty without a sample. */
  readonly prompt: string;
  readonly negativePrompt: string;
  /** Rubrics: the questions as they would be asked. None without a sample. */
  readonly questions: readonly Question[];
  /** Rubrics: upper bound of what one look at one image costs. */
  readonly estimate: Cost | undefined;
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
  /** Points an alias at a version; 0 takes it away. With an etag only where nothing has changed since. */
  setAlias(name: string, alias: string, version: number, etag?: string): Promise<LibraryHead>;
  archive(name: string, archived: boolean): Promise<LibraryHead>;
  /** Copies a version that can be seen into a new resource of the team. */
  fork(source: string, id: string): Promise<LibraryEntry>;
  /** Checks content without keeping it, and renders it with the sample. */
  validate(content: Message, sample: Sample | undefined): Promise<LibraryValidation>;
  /** What differs between two versions. */
  diff(base: string, head: string): Promise<Difference[]>;
}
