import type { ServerResponse } from 'node:http';

/** An answer that is not the content: status, reason of the contract, and words. */
export class HttpError extends Error {
  override readonly name = 'HttpError';
  readonly status: number;
  readonly reason: string;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    reason: string,
    message: string,
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.status = status;
    this.reason = reason;
    this.headers = headers;
  }
}

/** Writes an error as JSON: `reason` for programs, `message` for people. */
export function writeError(response: ServerResponse, error: HttpError, withBody: boolean): void {
  const body = JSON.stringify({ reason: error.reason, message: error.message });
  response.writeHead(error.status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...error.headers,
  });
  response.end(withBody ? body : undefined);
}
