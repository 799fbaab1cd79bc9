import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { DescMessage } from '@bufbuild/protobuf';
import { UsageError } from '../usage-error.ts';
import { type LibraryKind, readLibraryFile } from './library-file.ts';
import { type LibraryText, libraryText, saysTheSame } from './library-text.ts';

/** What became of a file. */
export interface WrittenFile {
  readonly file: string;
  readonly action: 'written' | 'unchanged' | 'removed';
}

/** Writes a template or rubric. A file that says the same already stays as it is, with its comments. */
export async function writeLibraryFile(
  kind: LibraryKind,
  schema: DescMessage,
  file: string,
  text: LibraryText,
): Promise<WrittenFile> {
  if (await isThere(kind, schema, file, text)) return { file, action: 'unchanged' };
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, libraryText(schema, text));
  } catch (error) {
    throw new UsageError(`${file}: cannot be written (${(error as NodeJS.ErrnoException).code})`);
  }
  return { file, action: 'written' };
}

/** Removes the file of a content that an alias kept and keeps no more. */
export async function removeLibraryFile(file: string): Promise<WrittenFile> {
  await rm(file);
  return { file, action: 'removed' };
}

async function isThere(
  kind: LibraryKind,
  schema: DescMessage,
  file: string,
  text: LibraryText,
): Promise<boolean> {
  try {
    return saysTheSame(schema, await readLibraryFile(kind, file), text);
  } catch (error) {
    // What is not there, or cannot be read as such a file, is written anew.
    if (error instanceof UsageError) return false;
    throw error;
  }
}
