import type { ServerResponse } from 'node:http';
import { Code, type RpcError } from '@atelier/rpc';

/** HTTP statuses of the codes, as the Connect protocol maps them. */
const STATUS: Partial<Record<Code, number>> = {
  [Code.CANCELLED]: 499,
  [Code.INVALID_ARGUMENT]: 400,
  [Code.DEADLINE_EXCEEDED]: 504,
  [Code.NOT_FOUND]: 404,
  [Code.ALREADY_EXISTS]: 409,
  [Code.PERMISSION_DENIED]: 403,
  [Code.RESOURCE_EXHAUSTED]: 429,
  [Code.FAILED_PRECONDITION]: 400,
  [Code.ABORTED]: 409,
  [Code.OUT_OF_RANGE]: 400,
  [Code.UNIMPLEMENTED]: 501,
  [Code.UNAVAILABLE]: 503,
  [Code.UNAUTHENTICATED]: 401,
};

/** Answers with JSON that no cache keeps. Nothing happens where an answer has begun or the caller has gone. */
export function answerJson(
  response: ServerResponse,
  status: number,
  body: object,
  headers: Readonly<Record<string, string>> = {},
): void {
  if (response.headersSent || response.destroyed) return;
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...headers,
  });
  response.end(response.req.method === 'HEAD' ? undefined : text);
}

/** Answers with an error: its code, message and reason, and never its cause. */
export function answerError(response: ServerResponse, error: RpcError): void {
  const headers: Record<string, string> = {};
  if (error.code === Code.UNAUTHENTICATED) headers['www-authenticate'] = 'Bearer';
  if (error.retryAfterMs !== undefined)
    headers['retry-after'] = String(Math.ceil(error.retryAfterMs / 1_000));
  const { codeName, message, reason, metadata } = error;
  const body = { code: codeName.toLowerCase(), message, reason, metadata };
  // What was not read of the body is not waited for.
  if (error.reason === 'MESSAGE_TOO_LARGE') headers.connection = 'close';
  answerJson(response, statusOf(error), body, headers);
}

function statusOf({ code, reason }: RpcError): number {
  if (reason === 'MESSAGE_TOO_LARGE') return 413;
  return STATUS[code] ?? 500;
}
