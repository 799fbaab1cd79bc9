import { AtelierError, Code } from '@atelier/client';
import { type JsonValue, toJson } from '@bufbuild/protobuf';
import { type Difference, differences } from '../files/difference.ts';
import type { LibraryFile, LibraryHeader } from '../files/library-file.ts';
import type { Library, LibraryEntry, LibraryHead } from '../library/library.ts';
import type { Step } from './step.ts';

/** Alias that names without a version resolve to, where there is one. */
const PRODUCTION = 'production';

/**
 * What it takes to bring a template or rubric to what its file says: the first version, a further one, or new settings of
 * its header. A `production` alias moves only on request, since projects follow it.
 */
export async function planLibrary(library: Library, file: LibraryFile, promote: boolean): Promise<Step> {
  const { warnings } = await library.validate(file.content, undefined);
  const latest = await find(library, `${file.name}/versions/latest`);
  const after = contentJson(library, file.content);
  if (latest === undefined) {
    return {
      resource: file.name,
      action: 'create',
      summary: 'create version 1',
      differences: differences(undefined, after, 'content'),
      notes: warnings,
      run: async () => {
        await library.create(file);
      },
    };
  }
  const { head } = latest;
  const changedContent = differences(contentJson(library, latest.version.content), after, 'content');
  const changedHeader = headerDifferences(head, file);
  const production = head.aliases[PRODUCTION];
  const isNew = changedContent.length > 0;
  const next = isNew ? head.latestVersion + 1 : head.latestVersion;
  const moves = promote && production !== undefined && production !== next;
  const notes = [...warnings];
  if (production !== undefined && production !== next && !promote) {
    notes.push(
      `"${PRODUCTION}" stays at version ${production}, which is what projects use; --promote moves it.`,
    );
  }
  const done = [
    ...(isNew ? [`add version ${next}`] : []),
    ...(changedHeader.length > 0 ? ['update the settings'] : []),
    ...(moves ? [`move "${PRODUCTION}" to version ${next}`] : []),
  ];
  return {
    resource: file.name,
    action: isNew ? 'add-version' : done.length > 0 ? 'update' : 'unchanged',
    summary: done.length > 0 ? done.join(', ') : `unchanged at version ${head.latestVersion}`,
    differences: [...changedContent, ...changedHeader],
    notes,
    run: async () => {
      let current = head;
      if (isNew) {
        const change = {
          content: file.content,
          changeNote: file.changeNote,
          etag: head.etag,
          setAliases: moves ? [PRODUCTION] : [],
        };
        current = (await library.addVersion(file.name, change)).head;
      } else if (moves) {
        current = await library.setAlias(file.name, PRODUCTION, next);
      }
      if (changedHeader.length > 0) await library.update({ ...current, ...ownHeader(current, file) });
    },
  };
}

async function find(library: Library, name: string): Promise<LibraryEntry | undefined> {
  try {
    return await library.get(name);
  } catch (error) {
    if (error instanceof AtelierError && error.code === Code.NOT_FOUND) return undefined;
    throw error;
  }
}

function contentJson(library: Library, content: LibraryFile['content'] | undefined): JsonValue | undefined {
  return content === undefined ? undefined : (toJson(library.schemas.content, content) as JsonValue);
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
  return typeof value === 'object' ? { ...value } : value;
}
