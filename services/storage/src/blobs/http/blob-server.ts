import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { HostPort } from '@atelier/config';
import type { Logger } from '@atelier/observability';
import type { FsBlobStore } from '../fs/fs-blob-store.ts';
import { BLOB_PATH, type UrlSigner, type VerifiedGrant } from '../fs/url-signer.ts';
import { download } from './download.ts';
import { HttpError, writeError } from './http-error.ts';
import { upload } from './upload.ts';

/** How the server of signed URLs is run. */
export interface BlobServerOptions {
  readonly address: HostPort;
  readonly blobs: FsBlobStore;
  readonly signer: UrlSigner;
  readonly log: Logger;
  readonly now: () => Date;
}

/** A running server of signed URLs. */
export interface BlobServer extends AsyncDisposable {
  readonly port: number;
  /** Takes no new connections, lets transfers finish for so many milliseconds, and cuts off what is left. */
  drain(graceMs: number): Promise<void>;
}

/** The longest that one transfer may take, in milliseconds: 256 MiB at about 1 MB/s. */
const TRANSFER_TIMEOUT_MS = 300_000;

/** How long the rest of a refused upload is read and thrown away, so that the sender comes to see the answer. */
const LINGER_MS = 2_000;

/** Where probes ask. */
const HEALTH_PATH = '/healthz';

/** Serves the local store's signed URLs. Rejects where the address cannot be bound. */
export async function serveBlobs(options: BlobServerOptions): Promise<BlobServer> {
  const server = createServer((request, response) => {
    handle(options, request, response).catch((error: unknown) =>
      answerError(options, request, response, error),
    );
  });
  server.requestTimeout = TRANSFER_TIMEOUT_MS;
  server.listen(options.address.port, options.address.host);
  await once(server, 'listening');
  return running(server);
}

async function handle(
  options: BlobServerOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = URL.parse(request.url ?? '/', 'http://blobs.invalid');
  if (url?.pathname === HEALTH_PATH) {
    allow(request, ['GET', 'HEAD']);
    response.writeHead(200, { 'content-type': 'text/plain', 'content-length': '3' });
    response.end(request.method === 'HEAD' ? undefined : 'ok\n');
    return;
  }
  if (url === null || !url.pathname.startsWith(BLOB_PATH))
    throw new HttpError(404, 'NOT_FOUND', 'There is nothing here.');
  allow(request, ['GET', 'HEAD', 'PUT']);
  const grant = authorize(options, url, request.method === 'PUT' ? 'PUT' : 'GET');
  if (grant.method === 'PUT') await upload(options.blobs, grant, request, response);
  else await download(options.blobs, grant, request, response);
}

function allow(request: IncomingMessage, methods: readonly string[]): void {
  if (methods.includes(request.method ?? '')) return;
  throw new HttpError(405, 'INVALID_FIELD', 'The method is not allowed here.', { allow: methods.join(', ') });
}

/** All refusals look the same, so that nothing is learnt by trying. Only the holder of a good URL learns that it is late. */
function authorize({ signer, now }: BlobServerOptions, url: URL, method: 'GET' | 'PUT'): VerifiedGrant {
  const key = decodedKey(url.pathname.slice(BLOB_PATH.length));
  const grant = key === undefined ? undefined : signer.verify(key, url.searchParams);
  if (grant === undefined || grant.method !== method)
    throw new HttpError(403, 'UNAUTHENTICATED', 'The URL is not signed for this.');
  if (grant.expireTime <= now()) throw new HttpError(403, 'UNAUTHENTICATED', 'The URL has expired.');
  return grant;
}

function decodedKey(path: string): string | undefined {
  try {
    return path.split('/').map(decodeURIComponent).join('/');
  } catch {
    return undefined;
  }
}

function answerError(
  { log }: BlobServerOptions,
  request: IncomingMessage,
  response: ServerResponse,
  thrown: unknown,
): void {
  const known = thrown instanceof HttpError;
  if (!known) log.error({ err: thrown }, 'a blob transfer failed');
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  const error = known ? thrown : new HttpError(500, 'INTERNAL', 'The server failed.');
  writeError(response, error, request.method !== 'HEAD');
  if (!request.complete) linger(request);
}

function linger(request: IncomingMessage): void {
  const timer = setTimeout(() => request.destroy(), LINGER_MS);
  request.once('close', () => clearTimeout(timer));
  request.resume();
}

function running(server: Server): BlobServer {
  const drain = async (graceMs: number) => {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    server.closeIdleConnections();
    const timer = setTimeout(() => server.closeAllConnections(), graceMs);
    await closed;
    clearTimeout(timer);
  };
  return {
    port: (server.address() as AddressInfo).port,
    drain,
    [Symbol.asyncDispose]: () => drain(0),
  };
}
