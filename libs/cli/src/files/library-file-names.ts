import { basename } from 'node:path';
import { isAlias } from './alias.ts';
import type { LibraryKind } from './library-file.ts';

/** What the name of a file in a folder says that it holds. */
export interface LibraryFileName {
  /** Name without alias and ending: `template`, `rubric-measured`. */
  readonly stem: string;
  /** The alias that keeps its content; undefined for the file that is worked on. */
  readonly alias: string | undefined;
}

/** Whether an argument names a file and not a resource. */
export function isFileName(text: string): boolean {
  return /\.(?:yaml|yml|json)$/.test(text);
}

/**
 * Reads the name of a file: `template.yaml`, `template-NAME.yaml` for further ones in a folder, and with `@ALIAS` behind
 * either for what an alias keeps. Undefined for any other.
 */
export function libraryFileName(kind: LibraryKind, file: string): LibraryFileName | undefined {
  const [, stem = '', alias] =
    new RegExp(`^(${kind.slice(0, -1)}(?:-[a-z0-9-]+)?)(?:@([a-z0-9-]+))?\\.(?:yaml|yml|json)$`).exec(
      basename(file),
    ) ?? [];
  if (stem === '' || (alias !== undefined && !isAlias(alias))) return undefined;
  return { stem, alias };
}

/** The name of the file that holds what an alias keeps, beside that of the resource. */
export function pinnedFileName(mainFile: string, alias: string): string {
  return `${basename(mainFile).replace(/\.[a-z]+$/, '')}@${alias}.yaml`;
}
