import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Message } from '@bufbuild/protobuf';
import { inAliasOrder } from '../files/alias.ts';
import { canonicalText } from '../files/canonical.ts';
import { pinnedFileName } from '../files/library-file-names.ts';
import { type LibrarySource, readLibraryTree } from '../files/library-source.ts';
import type { LibraryText } from '../files/library-text.ts';
import { Problems } from '../files/problems.ts';
import { removeLibraryFile, type WrittenFile, writeLibraryFile } from '../files/write-library.ts';
import { UsageError } from '../usage-error.ts';
import type { Library, LibraryEntry, LibraryHead } from './library.ts';
import { resourceOf } from './name.ts';

/** What files keep of a resource. Versions count by what they say and not by number, which differs from platform to platform. */
interface Exported {
  readonly main: LibraryText;
  /** Contents that aliases keep besides, by alias. */
  readonly pinned: ReadonlyMap<string, LibraryText>;
}

/** One version with its header, and the aliases that have this very content. */
export async function exportVersion(library: Library, name: string): Promise<LibraryText> {
  return (await read(library, name)).main;
}

/**
 * Writes resources into a folder, each into one of its own, or where the folder has it already. Files that say the same stay
 * as they are; files of contents that no alias keeps any more are removed.
 */
export async function exportAll(
  library: Library,
  names: readonly string[],
  folder: string,
): Promise<WrittenFile[]> {
  const present = await presentIn(library, folder);
  const written: WrittenFile[] = [];
  for (const name of names) {
    const exported = await read(library, `${name}/versions/latest`);
    written.push(...(await write(library, exported, folder, present.get(name))));
  }
  return written;
}

/** What the folder has already, by name. What cannot be read there is told, since it might be written a second time. */
async function presentIn({ kind }: Library, folder: string): Promise<Map<string, LibrarySource>> {
  await mkdir(folder, { recursive: true }).catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`${folder}: cannot be made (${error.code})`);
  });
  const problems = new Problems();
  const sources = await readLibraryTree(kind, folder, problems);
  problems.settle();
  return new Map(sources.map((source) => [source.main.name, source]));
}

async function write(
  { kind, noun, schemas }: Library,
  { main, pinned }: Exported,
  folder: string,
  present: LibrarySource | undefined,
): Promise<WrittenFile[]> {
  const file = present?.main.file ?? join(folder, main.name.split('/')[1] ?? '', `${noun}.yaml`);
  const written = [await writeLibraryFile(kind, schemas.content, file, main)];
  const pins = new Map(present?.pinned.map((pin) => [pin.alias, pin.file]));
  for (const [alias, text] of pinned) {
    const pinFile = pins.get(alias) ?? join(dirname(file), pinnedFileName(file, alias));
    written.push(await writeLibraryFile(kind, schemas.content, pinFile, text));
  }
  for (const [alias, pinFile] of pins) {
    if (!pinned.has(alias)) written.push(await removeLibraryFile(pinFile));
  }
  return written;
}

async function read(library: Library, name: string): Promise<Exported> {
  const { head, version } = await library.get(name);
  const { content: schema } = library.schemas;
  const content = contentOf(version);
  const contents = await aliasContents(library, head);
  const text = canonicalText(schema, content);
  const isOwn = (alias: string) => canonicalText(schema, contents.get(alias) ?? content) === text;
  const aliases = inAliasOrder([...contents.keys()]);
  const { displayName, description, visibility, labels } = head;
  const header = { displayName, description, visibility, labels };
  const resource = resourceOf(version.name);
  const pinned = aliases
    .filter((alias) => !isOwn(alias))
    .map((alias) => [alias, { name: resource, content: contents.get(alias) ?? content }] as const);
  return {
    main: { name: resource, header, aliases: aliases.filter(isOwn), content },
    pinned: new Map(pinned),
  };
}

/** What each alias points at, but `latest`, which moves by itself. */
async function aliasContents(library: Library, head: LibraryHead): Promise<Map<string, Message>> {
  const contents = new Map<string, Message>();
  for (const [alias, number] of Object.entries(head.aliases)) {
    if (alias === 'latest') continue;
    const { version } = await library.get(`${head.name}/versions/${number}`);
    contents.set(alias, contentOf(version));
  }
  return contents;
}

function contentOf({ name, content }: LibraryEntry['version']): Message {
  if (content === undefined) throw new Error(`${name} came without its content`);
  return content;
}
