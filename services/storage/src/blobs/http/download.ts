import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { errorCode } from '../../shared/error-code.ts';
import type { BlobStore, ByteRange } from '../blob-store.ts';
import type { VerifiedGrant } from '../fs/url-signer.ts';
import { HttpError } from './http-error.ts';
import { parseRange } from './range.ts';

/** Sends an object, or one range of it. The digest is the entity tag, as the bytes under a key never change. */
export async function download(
  blobs: BlobStore,
  grant: VerifiedGrant,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const head = await blobs.head(grant.key);
  if (head === undefined) throw new HttpError(404, 'NOT_FOUND', 'There is no such object.');
  const tag = `"${grant.sha256}"`;
  const headers = contentHeaders(grant, tag);
  if (names(request.headers['if-none-match'], tag)) {
    response.writeHead(304, headers).end();
    return;
  }
  const range = wantedRange(request, tag, head.sizeBytes);
  const length = range === undefined ? head.sizeBytes : range.end - range.start + 1;
  const status = range === undefined ? 200 : 206;
  const partHeaders = range && { 'content-range': `bytes ${range.start}-${range.end}/${head.sizeBytes}` };
  const write = () =>
    response.writeHead(status, { ...headers, ...partHeaders, 'content-length': String(length) });
  if (request.method === 'HEAD') {
    write().end();
    return;
  }
  const body = await blobs.open(grant.key, range);
  if (body === undefined) throw new HttpError(404, 'NOT_FOUND', 'There is no such object.');
  write();
  await pipeline(body.stream, response).catch((error: unknown) => {
    // Whoever asked has gone; nobody is left to tell.
    if (errorCode(error) !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  });
}

function contentHeaders(grant: VerifiedGrant, tag: string): Record<string, string> {
  return {
    'content-type': grant.mediaType,
    'accept-ranges': 'bytes',
    etag: tag,
    'cache-control': 'private, max-age=3600, immutable',
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'; sandbox",
    'cross-origin-resource-policy': 'cross-origin',
  };
}

function wantedRange(request: IncomingMessage, tag: string, size: number): ByteRange | undefined {
  const ifRange = request.headers['if-range'];
  if (ifRange !== undefined && ifRange !== tag) return undefined;
  const range = parseRange(request.headers.range, size);
  if (range !== 'unsatisfiable') return range;
  throw new HttpError(416, 'INVALID_FIELD', 'The range begins behind the end of the object.', {
    'content-range': `bytes */${size}`,
  });
}

function names(header: string | undefined, tag: string): boolean {
  return (
    header !== undefined && (header.trim() === '*' || header.split(',').some((item) => item.trim() === tag))
  );
}
