import { type JsonValue, type Message, toJson } from '@bufbuild/protobuf';
import { type Difference, differences } from '../files/difference.ts';
import type { LibraryFile, LibraryHeader } from '../files/library-file.ts';
import type { LibrarySource } from '../files/library-source.ts';
import { visibilityName } from '../files/library-text.ts';
import type { Library, LibraryEntry, LibraryHead } from '../library/library.ts';
import type { Step } from './step.ts';
import type { VersionChange, VersionPlan } from './version-plan.ts';

/** What was found out about a template or rubric and its files. */
export interface LibraryFindings {
  /** The latest version on the platform; undefined where there is none. */
  readonly latest: LibraryEntry | undefined;
  readonly plan: VersionPlan;
  readonly notes: readonly string[];
}

/** The step that carries a plan out, and what it says of itself. */
export function libraryStep(
  library: Library,
  source: LibrarySource,
  { latest, plan, notes }: LibraryFindings,
): Step {
  const { main } = source;
  const { changes, added, aliasWords } = plan;
  const changedHeader = latest === undefined ? [] : headerDifferences(latest.head, main);
  const done = [
    ...added.map((number) => (number === 1 ? 'create version 1' : `add version ${number}`)),
    ...(changedHeader.length > 0 ? ['update the settings'] : []),
    ...aliasWords,
  ];
  const otherwise = done.length > 0 ? 'update' : 'unchanged';
  const toExisting = added.length > 0 ? 'add-version' : otherwise;
  return {
    resource: main.name,
    action: latest === undefined ? 'create' : toExisting,
    summary: done.length > 0 ? done.join(', ') : `unchanged at version ${plan.latest}`,
    differences: [...contentDifferences(library, source, { latest, plan, notes }), ...changedHeader],
    notes,
    run: async () => {
      let head = latest?.head;
      for (const change of changes) head = await make(library, main, head, change);
      if (head !== undefined && changedHeader.length > 0)
        await library.update({ ...head, ...ownHeader(head, main) });
    },
  };
}

/** Makes one change, only where nothing has changed since the resource was read. */
async function make(
  library: Library,
  file: LibraryFile,
  head: LibraryHead | undefined,
  change: VersionChange,
): Promise<LibraryHead> {
  const { name } = file;
  if (change.kind === 'alias') return library.setAlias(name, change.alias, change.version, head?.etag);
  const { content, note: changeNote, aliases } = change;
  if (head !== undefined) {
    const added = { content, changeNote, etag: head.etag, setAliases: aliases };
    return (await library.addVersion(name, added)).head;
  }
  let made = (await library.create({ ...file, content, changeNote })).head;
  for (const alias of aliases) made = await library.setAlias(name, alias, change.number, made.etag);
  return made;
}

function contentDifferences(
  library: Library,
  { main, pinned }: LibrarySource,
  { latest, plan }: LibraryFindings,
): Difference[] {
  const json = (content: Message | undefined) =>
    content === undefined ? undefined : (toJson(library.schemas.content, content) as JsonValue);
  const before = json(latest?.version.content);
  const isNew = plan.changes.some((change) => change.kind === 'version' && change.content === main.content);
  const added = new Set(
    plan.changes.flatMap((change) => (change.kind === 'version' ? [change.content] : [])),
  );
  return [
    ...(isNew ? differences(before, json(main.content), 'content') : []),
    ...pinned
      .filter(({ content }) => added.has(content))
      .flatMap(({ alias, content }) => differences(before, json(content), `${alias}: content`)),
  ];
}

/** The header with what the file sets. */
function ownHeader(head: LibraryHead, file: LibraryFile): LibraryHeader {
  const set = Object.fromEntries([...file.headerFields].map((field) => [field, file.header[field]]));
  const { displayName, description, visibility, labels } = head;
  return { displayName, description, visibility, labels, ...set };
}

function headerDifferences(head: LibraryHead, file: LibraryFile): Difference[] {
  return [...file.headerFields].flatMap((field) =>
    differences(toPlain(head[field]), toPlain(file.header[field]), field),
  );
}

function toPlain(value: LibraryHeader[keyof LibraryHeader]): JsonValue {
  if (typeof value === 'object') return { ...value };
  // The only number of a header is who sees it.
  return typeof value === 'number' ? visibilityName(value) : value;
}
