import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ifThere } from '../../shared/error-code.ts';
import type { BlobEntry } from '../blob-store.ts';

/**
 * All files below a directory as keys, in the order of the keys' bytes. A directory sorts as if its name ended with a
 * slash, which is what its keys go on with.
 */
export async function* listTree(directory: string, prefix: string): AsyncGenerator<BlobEntry> {
  const entries = (await ifThere(readdir(directory, { withFileTypes: true }))) ?? [];
  const sorted = entries
    .map((entry) => ({ entry, order: entry.isDirectory() ? `${entry.name}/` : entry.name }))
    .sort((a, b) => (a.order < b.order ? -1 : 1));
  for (const { entry } of sorted) {
    const path = join(directory, entry.name);
    const key = `${prefix}${entry.name}`;
    if (entry.isDirectory()) {
      yield* listTree(path, `${key}/`);
    } else {
      const found = await ifThere(stat(path));
      if (found !== undefined) yield { key, sizeBytes: found.size };
    }
  }
}
