import { createHash } from 'node:crypto';

/** The etag of a model at a revision: short, and different for every model, so that one cannot pass for another's. */
export function etagOf(name: string, revision: bigint): string {
  const digest = createHash('sha256').update(`${name}@${revision}`).digest('base64url').slice(0, 12);
  return `"${revision}-${digest}"`;
}
