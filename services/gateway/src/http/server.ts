import { once } from 'node:events';
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerOptions,
  type ServerResponse,
} from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { formatHostPort, type HostPort } from '@atelier/config';
import type { Logger } from '@atelier/observability';
import { type ConnectHandler, type ServerTls, toRpcError } from '@atelier/rpc';
import { v7 as uuidv7 } from 'uuid';
import { answerError, answerJson } from './answer.ts';
import { allowOrigin, answerPreflight, isPreflight } from './cors.ts';
import type { OriginGuard } from './origin-guard.ts';
import { type Route, stripMeshHeaders } from './route.ts';

/** Where the HTTP edge listens. */
export interface HttpBinding {
  /** Port 0 takes a free one. */
  readonly address: HostPort;
  readonly tls?: ServerTls | undefined;
  readonly log: Logger;
}

/** What the HTTP edge serves. */
export interface HttpEdgeOptions {
  /** Serves the RPCs. */
  readonly connect: ConnectHandler;
  readonly routes: readonly Route[];
  readonly guard: OriginGuard;
  /** Paths that need no guard, since they tell nothing: probes come by address. */
  readonly isUnguarded: (path: string) => boolean;
  readonly log: Logger;
}

/** A port that is bound. Until it serves, every request is answered with 503. */
export interface HttpEdge extends AsyncDisposable {
  readonly port: number;
  /** Begins to serve. */
  serve(options: HttpEdgeOptions): void;
  /** Accepts no more connections, lets calls in flight finish for so many milliseconds, then ends the rest. */
  drain(graceMs: number): Promise<void>;
}

/** Headers in bytes, and milliseconds for them, for a whole request, and for an idle connection. */
const LIMITS: ServerOptions = {
  maxHeaderSize: 16_384,
  headersTimeout: 15_000,
  requestTimeout: 60_000,
  keepAliveTimeout: 65_000,
  connectionsCheckingInterval: 5_000,
};

const DISPOSE_GRACE_MS = 1_000;

/**
 * Binds the port of the HTTP edge, which serves RPCs over Connect and gRPC-Web beside plain routes. Rejects where the
 * address cannot be bound. It is bound before there is anything to serve, since what is served must know the port.
 */
export async function bindHttp({ address, tls, log }: HttpBinding): Promise<HttpEdge> {
  let serving: HttpEdgeOptions | undefined;
  let drained: Promise<void> | undefined;
  const listener: RequestListener = (request, response) => {
    if (serving === undefined) answerJson(response, 503, { code: 'unavailable', message: 'Starting.' });
    else serveRequest(serving, request, response);
  };
  const server =
    tls === undefined
      ? createServer(LIMITS, listener)
      : createTlsServer({ ...LIMITS, key: tls.key.reveal(), cert: tls.certificate }, listener);
  server.on('clientError', (_error, socket) => {
    if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nconnection: close\r\n\r\n');
  });
  server.listen(address.port, address.host);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const drain = (graceMs: number) => {
    drained ??= drainServer(server, serving?.connect, graceMs);
    return drained;
  };
  return {
    port,
    serve(options) {
      serving = options;
      log.info({ address: formatHostPort({ ...address, port }) }, 'serving HTTP');
    },
    drain,
    [Symbol.asyncDispose]: () => drain(DISPOSE_GRACE_MS),
  };
}

async function drainServer(
  server: Server,
  connect: ConnectHandler | undefined,
  graceMs: number,
): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  await connect?.drain(graceMs);
  server.closeAllConnections();
  await closed;
}

function serveRequest(
  { connect, routes, guard, isUnguarded, log }: HttpEdgeOptions,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const requestId = uuidv7();
  const path = request.url?.split('?', 1)[0] ?? '/';
  stripMeshHeaders(request);
  response.setHeader('x-content-type-options', 'nosniff');
  const refusal = isUnguarded(path) ? undefined : guard.check(request);
  if (refusal !== undefined) {
    answerError(response, refusal);
    return;
  }
  const origin = guard.corsOrigin(request);
  allowOrigin(response, origin);
  if (isPreflight(request)) {
    answerPreflight(response, origin);
    return;
  }
  if (path.startsWith('/atelier.')) {
    connect(request, response);
    return;
  }
  servePlain(routes, path, request, response, requestId, log).catch((thrown: unknown) => {
    const error = toRpcError(thrown, undefined, requestId);
    if (error.cause !== undefined) log.warn({ err: error.cause, path, requestId }, 'an HTTP request failed');
    answerError(response, error);
  });
}

async function servePlain(
  routes: readonly Route[],
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
  requestId: string,
  log: Logger,
): Promise<void> {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  for (const route of routes) {
    const match = route.pattern.exec(path);
    if (match === null) continue;
    if (!route.methods.includes(request.method ?? '')) {
      const allow = route.methods.join(', ');
      answerJson(response, 405, { code: 'unimplemented', message: `Allowed are ${allow}.` }, { allow });
      return;
    }
    const context = { path, requestId, signal: gone.signal, log };
    await route.handle(request, response, context, match.slice(1));
    return;
  }
  answerJson(response, 404, {
    code: 'not_found',
    message: 'There is nothing at this path.',
    reason: 'NOT_FOUND',
  });
}
