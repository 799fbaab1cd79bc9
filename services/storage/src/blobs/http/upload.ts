import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FsBlobStore } from '../fs/fs-blob-store.ts';
import { UploadRefused } from '../fs/receive.ts';
import type { VerifiedGrant } from '../fs/url-signer.ts';
import { HttpError } from './http-error.ts';

/** Takes the bytes of an upload. A repeat with the same bytes is as good as the first. */
export async function upload(
  blobs: FsBlobStore,
  grant: VerifiedGrant,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  checkHeaders(grant, request);
  try {
    await blobs.receive(grant.key, request, grant);
  } catch (error) {
    throw error instanceof UploadRefused ? refusal(error) : error;
  }
  response.writeHead(200, { etag: `"${grant.sha256}"`, 'content-length': '0' }).end();
}

/** What can be told before a byte is read. */
function checkHeaders(grant: VerifiedGrant, request: IncomingMessage): void {
  const { 'content-type': type, 'content-length': length } = request.headers;
  if (length === undefined) throw new HttpError(411, 'INVALID_FIELD', 'A Content-Length is required.');
  if (Number(length) > grant.sizeBytes)
    throw new HttpError(413, 'DIGEST_MISMATCH', `The upload is of ${grant.sizeBytes} bytes, not ${length}.`);
  if (Number(length) < grant.sizeBytes)
    throw new HttpError(400, 'DIGEST_MISMATCH', `The upload is of ${grant.sizeBytes} bytes, not ${length}.`);
  if (type !== grant.mediaType)
    throw new HttpError(403, 'UNAUTHENTICATED', `The URL is signed for the media type ${grant.mediaType}.`);
}

function refusal(error: UploadRefused): HttpError {
  switch (error.why) {
    case 'too-long':
      return new HttpError(413, 'DIGEST_MISMATCH', 'There are more bytes than the upload is of.');
    case 'too-short':
    case 'broken-off':
      return new HttpError(400, 'DIGEST_MISMATCH', 'There are fewer bytes than the upload is of.');
    case 'other-digest':
      return new HttpError(400, 'DIGEST_MISMATCH', 'The bytes do not have the digest that was declared.');
  }
}
