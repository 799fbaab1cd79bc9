import { Visibility } from '@atelier/protos/atelier/prompt/v1/template_pb.ts';
import { aborted, notFound, type Principal, permissionDenied, unauthenticated } from '@atelier/rpc';
import type { LibraryCall, LibraryHeader } from './library-types.ts';

/** Who calls; UNAUTHENTICATED for a call that speaks for nobody. */
export function callerOf(call: LibraryCall): Principal {
  if (call.principal !== undefined) return call.principal;
  throw unauthenticated('The call speaks for no team.');
}

/** Whether the team may read the resource. */
export function isVisible(header: LibraryHeader, team: string): boolean {
  return header.team === team || header.visibility === Visibility.ORGANISATION;
}

/** Throws where the team may not change the resource: NOT_FOUND for what it cannot see either. */
export function requireOwner(header: LibraryHeader, team: string): void {
  if (header.team === team) return;
  if (!isVisible(header, team)) throw missing(header.name);
  throw permissionDenied(`${header.name} belongs to another team, which alone may change it.`, {
    metadata: { resource: header.name },
  });
}

/** ABORTED where the caller read another revision than the current one. An empty etag fits any. */
export function requireEtag(name: string, given: string, current: string): void {
  if (given === '' || given === current) return;
  throw aborted(`${name} has changed since it was read.`, {
    reason: 'ETAG_MISMATCH',
    metadata: { resource: name },
  });
}

/** NOT_FOUND naming the resource. */
export function missing(name: string) {
  return notFound(`There is no ${name}.`, { metadata: { resource: name } });
}
