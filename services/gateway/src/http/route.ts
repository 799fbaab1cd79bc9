import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from '@atelier/observability';

/** What a plain HTTP route knows of a request. */
export interface RouteContext {
  /** Path without the query. */
  readonly path: string;
  readonly requestId: string;
  /** Aborted when the caller has gone. */
  readonly signal: AbortSignal;
  readonly log: Logger;
}

/** Answers requests for paths of its own. What it throws is answered as an error. */
export interface Route {
  readonly methods: readonly string[];
  /** The paths that the route is for; the groups of the pattern are given to it. */
  readonly pattern: RegExp;
  handle(
    request: IncomingMessage,
    response: ServerResponse,
    context: RouteContext,
    groups: readonly string[],
  ): Promise<void>;
}

/** Headers by name in lower case. Those of the mesh are left out: whoever sends them from outside is not believed. */
export function outsideHeaders(request: IncomingMessage): ReadonlyMap<string, string> {
  const headers = new Map<string, string>();
  for (const [name, value] of Object.entries(request.headers)) {
    if (value === undefined || name.startsWith('atelier-')) continue;
    headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  return headers;
}

/** Takes the headers of the mesh out of a request, before anything reads it. */
export function stripMeshHeaders(request: IncomingMessage): void {
  for (const name of Object.keys(request.headers)) {
    if (name.startsWith('atelier-')) delete request.headers[name];
  }
}
