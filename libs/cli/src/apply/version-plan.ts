import type { Message } from '@bufbuild/protobuf';

/** One change to the versions of a resource. They are made in their order. */
export type VersionChange =
  | {
      readonly kind: 'version';
      readonly number: number;
      readonly content: Message;
      readonly note: string;
      /** Aliases that are pointed at it in the same step. */
      readonly aliases: readonly string[];
    }
  | { readonly kind: 'alias'; readonly alias: string; readonly version: number };

/** A content of a file, with the canonical text by which contents are compared. */
export interface WantedContent {
  readonly content: Message;
  readonly text: string;
  readonly note: string;
}

/** What is known of a resource on the platform. */
export interface KnownVersions {
  /** 0 where there is no such resource. */
  readonly latest: number;
  readonly aliases: Readonly<Record<string, number>>;
  /** Canonical texts by number: of the latest version, and of those that the aliases in question point at. */
  readonly texts: ReadonlyMap<number, string>;
}

/** The versions and aliases of a resource as they will be, and the changes that lead there. */
export class VersionPlan {
  readonly #added: WantedContent[] = [];
  readonly #moved = new Map<string, { readonly from: number | undefined; readonly to: number }>();
  readonly #aliases: Map<string, number>;
  readonly #texts: Map<number, string>;
  readonly #first: number;

  constructor({ latest, aliases, texts }: KnownVersions) {
    this.#first = latest + 1;
    this.#aliases = new Map(Object.entries(aliases));
    this.#texts = new Map(texts);
  }

  get latest(): number {
    return this.#first + this.#added.length - 1;
  }

  /** Numbers of the versions that are added. */
  get added(): number[] {
    return this.#added.map((_, index) => this.#first + index);
  }

  /** What becomes of aliases, in words. */
  get aliasWords(): string[] {
    return [...this.#moved].map(
      ([alias, { from, to }]) =>
        `${from === undefined ? 'point' : 'move'} "${alias}" ${from === undefined ? 'at' : 'to'} version ${to}`,
    );
  }

  /** The changes: versions first, each with its aliases, then aliases of versions that are there already. */
  get changes(): VersionChange[] {
    const moved = [...this.#moved].map(([alias, { to }]) => ({ kind: 'alias', alias, version: to }) as const);
    const versions = this.#added.map(({ content, note }, index) => {
      const number = this.#first + index;
      const aliases = moved.filter(({ version }) => version === number).map(({ alias }) => alias);
      return { kind: 'version', number, content, note, aliases } as const;
    });
    return [...versions, ...moved.filter(({ version }) => version < this.#first)];
  }

  versionOf(alias: string): number | undefined {
    return this.#aliases.get(alias);
  }

  /** Canonical text of the content that an alias points at. */
  textOf(alias: string): string | undefined {
    const version = this.#aliases.get(alias);
    return version === undefined ? undefined : this.#texts.get(version);
  }

  /** Whether the latest version has this content. */
  isLatest(text: string): boolean {
    return this.#texts.get(this.latest) === text;
  }

  add(wanted: WantedContent): number {
    this.#added.push(wanted);
    this.#texts.set(this.latest, wanted.text);
    return this.latest;
  }

  /** The newest known version with this content, or the one that is added for it. */
  place(wanted: WantedContent): number {
    const found = [...this.#texts].filter(([, text]) => text === wanted.text).map(([number]) => number);
    return found.length > 0 ? Math.max(...found) : this.add(wanted);
  }

  point(alias: string, version: number): void {
    this.#moved.set(alias, { from: this.#aliases.get(alias), to: version });
    this.#aliases.set(alias, version);
  }
}
