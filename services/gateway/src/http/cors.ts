import type { IncomingMessage, ServerResponse } from 'node:http';
import { cors } from '@connectrpc/connect';

/** How long a browser may remember what a preflight allowed, in seconds; browsers cap it at about this. */
const MAX_AGE_S = 7_200;

const METHODS = [...new Set([...cors.allowedMethods, 'GET', 'HEAD', 'POST'])].join(', ');
const REQUEST_HEADERS = [
  ...cors.allowedHeaders,
  'Authorization',
  'X-Api-Key',
  'X-Request-Id',
  'Traceparent',
].join(', ');
const RESPONSE_HEADERS = [...cors.exposedHeaders, 'Atelier-Request-Id', 'Retry-After'].join(', ');

/** Tells the browser that pages of the origin may read the answer. Credentials of the browser are never allowed. */
export function allowOrigin(response: ServerResponse, origin: string | undefined): void {
  response.setHeader('vary', 'Origin');
  if (origin === undefined) return;
  response.setHeader('access-control-allow-origin', origin);
  response.setHeader('access-control-expose-headers', RESPONSE_HEADERS);
}

/** Whether a browser asks what it may send. */
export function isPreflight({ method, headers }: IncomingMessage): boolean {
  return (
    method === 'OPTIONS' &&
    headers.origin !== undefined &&
    headers['access-control-request-method'] !== undefined
  );
}

/** Answers a preflight; an origin that is not allowed is told nothing, on which the browser stops. */
export function answerPreflight(response: ServerResponse, origin: string | undefined): void {
  if (origin !== undefined) {
    response.setHeader('access-control-allow-methods', METHODS);
    response.setHeader('access-control-allow-headers', REQUEST_HEADERS);
    response.setHeader('access-control-max-age', String(MAX_AGE_S));
  }
  response.writeHead(204).end();
}
