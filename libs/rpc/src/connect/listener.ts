import type { Logger } from '@atelier/observability';
import { type ConnectRouterOptions, createConnectRouter } from '@connectrpc/connect';
import {
  type ConnectNodeAdapterOptions,
  type connectNodeAdapter,
  universalRequestFromNodeRequest,
  universalResponseToNodeResponse,
} from '@connectrpc/connect-node';
import { peerValues } from './connect-arrival.ts';
import { explain } from './explain.ts';

/** A request listener that fits `node:http` and `node:http2`. */
export type Listener = ReturnType<typeof connectNodeAdapter>;

/** What a listener is made of. */
export interface ListenerOptions {
  readonly log: Logger;
  readonly routes: ConnectNodeAdapterOptions['routes'];
  readonly router: ConnectRouterOptions;
  readonly prefix: string;
  readonly fallback: Listener;
}

/**
 * Answers the requests of a router. The adapter of connect-node does the same, but prints a stack to the console for
 * every caller that leaves before its answer; that is an ordinary event here.
 */
export function listener({ log, routes, router: options, prefix, fallback }: ListenerOptions): Listener {
  const router = createConnectRouter(options);
  routes(router);
  const handlers = new Map(router.handlers.map((handler) => [prefix + handler.requestPath, handler]));
  return (request, response) => {
    const handler = handlers.get(request.url?.split('?', 1)[0] ?? '');
    if (handler === undefined) return fallback(request, response);
    handler(universalRequestFromNodeRequest(request, response, undefined, peerValues(request)))
      .then(explain)
      .then((answer) => universalResponseToNodeResponse(answer, response))
      .catch((error: unknown) =>
        log.debug({ err: error, path: handler.requestPath }, 'answer not delivered'),
      );
  };
}

/** Answers 404 without a body. */
export const notFoundListener: Listener = (_, response) => {
  response.writeHead(404);
  response.end();
};
