import { readdir, stat } from 'node:fs/promises';
import { UsageError } from '../usage-error.ts';

/** Names in a folder. One that is not there is a `UsageError`. */
export async function entriesOf(folder: string): Promise<string[]> {
  return readdir(folder).catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`${folder}: ${describe(error, 'folder')}`);
  });
}

/** Whether a path is a folder. One that is not there is a `UsageError`. */
export async function isDirectory(path: string): Promise<boolean> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`${path}: ${describe(error, 'file or folder')}`);
  });
  return found.isDirectory();
}

function describe({ code }: NodeJS.ErrnoException, what: string): string {
  return code === 'ENOENT' ? `there is no such ${what}` : `cannot be read (${code})`;
}
