import { fullName } from '@atelier/client';
import type { LibraryKind } from '../files/library-file.ts';
import { UsageError } from '../usage-error.ts';

/**
 * The name of a version from what a user writes: NAME, NAME@2 or NAME@production, with or without the collection in front.
 * Without a version it is the one that `bare` says, or the resource itself, which means production where that alias is set.
 */
export function versionName(kind: LibraryKind, text: string, bare?: string): string {
  const [name = '', version, ...rest] = text.split('@');
  if (name === '' || version === '' || rest.length > 0)
    throw new UsageError(`"${text}" is not NAME, NAME@VERSION or NAME@ALIAS`);
  const full = fullName(kind, name);
  const wanted = version ?? (full.includes('/versions/') ? undefined : bare);
  return wanted === undefined ? full : `${full}/versions/${wanted}`;
}

/** The resource of a version's name. */
export function resourceOf(name: string): string {
  return name.split('/versions/')[0] ?? name;
}
