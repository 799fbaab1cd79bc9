import { join } from 'node:path';
import type { Message } from '@bufbuild/protobuf';
import { UsageError } from '../usage-error.ts';
import { inAliasOrder } from './alias.ts';
import { entriesOf, isDirectory } from './folders.ts';
import { type LibraryFile, type LibraryKind, readLibraryFile } from './library-file.ts';
import { isFileName, libraryFileName } from './library-file-names.ts';
import { Problems } from './problems.ts';

/** The content that an alias keeps, where that is another than the one that is worked on. */
export interface PinnedContent {
  readonly file: string;
  readonly alias: string;
  readonly content: Message;
}

/** A template or rubric as files have it. */
export interface LibrarySource {
  /** The one that is worked on: its content is what `latest` shall be. */
  readonly main: LibraryFile;
  /** What aliases keep besides, in the order in which they are brought over. */
  readonly pinned: readonly PinnedContent[];
}

/**
 * Reads what a folder has of a kind: `template.yaml`, further ones as `template-NAME.yaml`, and beside each what its aliases
 * keep, as `template@ALIAS.yaml`. What is wrong goes to the problems, and what cannot be read is left out.
 */
export async function readLibraryFolder(
  kind: LibraryKind,
  folder: string,
  problems: Problems,
): Promise<LibrarySource[]> {
  const files = (await entriesOf(folder)).sort().flatMap((name) => {
    const parts = libraryFileName(kind, name);
    return parts === undefined ? [] : [{ file: join(folder, name), ...parts }];
  });
  const sources: LibrarySource[] = [];
  for (const { file, stem } of files.filter(({ alias }) => alias === undefined)) {
    const main = await problems.attempt(() => readLibraryFile(kind, file));
    if (main === undefined) continue;
    const pinned: PinnedContent[] = [];
    for (const pin of files.filter((other) => other.stem === stem && other.alias !== undefined)) {
      const read = await problems.attempt(() => readPinned(kind, pin.file, pin.alias ?? '', main));
      if (read !== undefined) pinned.push(read);
    }
    const order = inAliasOrder(pinned.map(({ alias }) => alias));
    sources.push({ main, pinned: pinned.sort((a, b) => order.indexOf(a.alias) - order.indexOf(b.alias)) });
  }
  const stems = new Set(files.filter(({ alias }) => alias === undefined).map(({ stem }) => stem));
  for (const { file, stem } of files) {
    if (!stems.has(stem)) problems.add(`${file}: there is no ${stem}.yaml beside it`);
  }
  return sources;
}

/**
 * Reads what files and folders have of a kind, folders with the folders in them. Throws a `UsageError` with everything that
 * is wrong, by file and path.
 */
export async function readLibrarySources(
  kind: LibraryKind,
  paths: readonly string[],
): Promise<LibrarySource[]> {
  const problems = new Problems();
  const sources = new Map<string, LibrarySource>();
  for (const path of paths) {
    const found = (await problems.attempt(() => readPath(kind, path, problems))) ?? [];
    for (const source of found) sources.set(source.main.file, source);
  }
  const files = new Map<string, string>();
  for (const { main } of sources.values()) {
    const earlier = files.get(main.name);
    if (earlier !== undefined) problems.add(`${main.file}: id: ${main.name} is in ${earlier} too`);
    files.set(main.name, main.file);
  }
  problems.settle();
  return [...sources.values()];
}

/** Reads what a folder and the folders in it have of a kind. */
export async function readLibraryTree(
  kind: LibraryKind,
  folder: string,
  problems: Problems,
): Promise<LibrarySource[]> {
  const sources = await readLibraryFolder(kind, folder, problems);
  for (const name of (await entriesOf(folder)).sort()) {
    const path = join(folder, name);
    if (!name.startsWith('.') && !isFileName(name) && (await isDirectory(path)))
      sources.push(...(await readLibraryFolder(kind, path, problems)));
  }
  return sources;
}

async function readPath(kind: LibraryKind, path: string, problems: Problems): Promise<LibrarySource[]> {
  if (!(await isDirectory(path))) {
    if (libraryFileName(kind, path)?.alias !== undefined)
      throw new UsageError(`${path}: is what an alias keeps; give its folder`);
    return [{ main: await readLibraryFile(kind, path), pinned: [] }];
  }
  const before = problems.count;
  const sources = await readLibraryTree(kind, path, problems);
  if (sources.length === 0 && problems.count === before)
    throw new UsageError(`${path}: there is no ${kind.slice(0, -1)}.yaml in it or in the folders in it`);
  return sources;
}

async function readPinned(
  kind: LibraryKind,
  file: string,
  alias: string,
  main: LibraryFile,
): Promise<PinnedContent> {
  const { name, headerFields, aliases, content } = await readLibraryFile(kind, file);
  const misplaced = [...headerFields, ...(aliases.length > 0 ? ['aliases'] : [])];
  const problems = [
    ...(name === main.name ? [] : [`${file}: id: expected that of ${main.file}, ${main.name}`]),
    ...misplaced.map((key) => `${file}: ${key}: belongs into ${main.file}`),
    ...(main.aliases.includes(alias) ? [`${main.file}: aliases: "${alias}" is in ${file} too`] : []),
  ];
  if (problems.length > 0) throw new UsageError(problems);
  return { file, alias, content };
}
