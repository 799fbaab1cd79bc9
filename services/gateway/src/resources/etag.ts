import { etagOf } from '@atelier/documents';
import { aborted } from '@atelier/rpc';

/** Throws ABORTED (ETAG_MISMATCH) unless the etag that was sent is empty or the current one. */
export function checkEtag(sent: string, name: string, revision: bigint): void {
  if (sent === '' || sent === etagOf(name, revision)) return;
  throw aborted(`${name} was changed since it was read: read it again and repeat.`, {
    reason: 'ETAG_MISMATCH',
    metadata: { resource: name },
  });
}
