import { AtelierError, Code } from '@atelier/client';
import type { LibraryHeader } from '../files/library-file.ts';
import type { LibraryEntry, LibraryHead, LibraryVersion } from './library.ts';

/** A resource that an answer must have. */
export function head(found: LibraryHead | undefined): LibraryHead {
  if (found === undefined)
    throw new AtelierError(Code.INTERNAL, 'The platform answered without the resource.');
  return found;
}

/** A resource and a version that an answer must have. */
export function entry(found: LibraryHead | undefined, version: LibraryVersion | undefined): LibraryEntry {
  if (version === undefined)
    throw new AtelierError(Code.INTERNAL, 'The platform answered without a version.');
  return { head: head(found), version };
}

/** What a caller may set of a resource, to send it. */
export function headInit(header: LibraryHeader) {
  const { displayName, description, visibility, labels } = header;
  return { displayName, description, visibility, labels: { ...labels } };
}
