import type { Message } from '@bufbuild/protobuf';
import type { ConnectRouter, ConnectRouterOptions, HandlerContext, MethodImpl } from '@connectrpc/connect';
import type { RpcError } from '../errors/rpc-error.ts';
import { type Dispatch, dispatchSingle, dispatchStream, type Input } from '../server/dispatch.ts';
import { drainRuntime } from '../server/drain.ts';
import type { MethodEntry, Registration } from '../server/registration.ts';
import { createRuntime, type Runtime, type RuntimeOptions } from '../server/runtime.ts';
import { HEADER } from '../wire/headers.ts';
import { arrivalOf } from './connect-arrival.ts';
import { toConnectError } from './connect-error.ts';
import { type Listener, listener, notFoundListener } from './listener.ts';

/** How registrations are served at an HTTP edge. */
export interface ConnectOptions extends RuntimeOptions {
  /** Serves everything below this path, such as `/api`. */
  readonly prefix?: string | undefined;
  /** Answers requests for other paths; without it they get 404. */
  readonly fallback?: Listener | undefined;
  /** How messages are read from and written to JSON. */
  readonly jsonOptions?: ConnectRouterOptions['jsonOptions'] | undefined;
}

/** A request listener for `node:http` and `node:http2`, which can be drained. */
export type ConnectHandler = Listener & {
  /** Calls whose handler has not ended. */
  readonly inFlight: () => number;
  /**
   * Lets calls in flight finish for so many milliseconds, then ends the rest UNAVAILABLE. Stop accepting connections
   * first; the listener itself refuses nothing.
   */
  readonly drain: (graceMs: number) => Promise<void>;
};

/**
 * Serves the very same registrations over Connect (with JSON or binary messages), gRPC-Web and gRPC at an HTTP edge:
 * same admission, validation, deadlines and errors as over grpc-js. Nothing is compressed.
 */
export function connectRoutes(
  registrations: readonly Registration[],
  options: ConnectOptions,
): ConnectHandler {
  const runtime = createRuntime(options);
  const entries = registrations.flatMap(({ methods }) => [...methods.values()]);
  const handler = listener({
    log: options.log,
    routes: (router) => {
      for (const entry of entries) route(router, runtime, entry);
    },
    router: {
      acceptCompression: [],
      readMaxBytes: runtime.maxMessageBytes,
      ...(options.jsonOptions !== undefined && { jsonOptions: options.jsonOptions }),
    },
    prefix: options.prefix ?? '',
    fallback: options.fallback ?? notFoundListener,
  });
  return Object.assign(handler, {
    inFlight: () => runtime.inFlight.count,
    drain: (graceMs: number) => {
      runtime.draining.abort();
      return drainRuntime(runtime, graceMs, Promise.resolve());
    },
  });
}

function route(router: ConnectRouter, runtime: Runtime, entry: MethodEntry): void {
  const { method } = entry;
  const dispatchOf = (input: Input<Message>, context: HandlerContext): Dispatch<Message, Message> => ({
    runtime,
    entry,
    input,
    arrival: arrivalOf(context),
    encode: same,
    onAdmitted: (requestId) => context.responseHeader.set(HEADER.requestId, requestId),
  });
  const one = (message: Message): Input<Message> => ({ one: message, decode: same });
  const many = (messages: AsyncIterable<Message>): Input<Message> => ({ many: messages, decode: same });

  router.rpc(method, implementation() as MethodImpl<typeof method>);

  function implementation(): unknown {
    switch (method.methodKind) {
      case 'unary':
        return (request: Message, context: HandlerContext) => single(dispatchOf(one(request), context));
      case 'client_streaming':
        return (requests: AsyncIterable<Message>, context: HandlerContext) =>
          single(dispatchOf(many(requests), context));
      case 'server_streaming':
        return (request: Message, context: HandlerContext) => stream(dispatchOf(one(request), context));
      case 'bidi_streaming':
        return (requests: AsyncIterable<Message>, context: HandlerContext) =>
          stream(dispatchOf(many(requests), context));
    }
  }
}

function same(message: Message): Message {
  return message;
}

async function single(dispatch: Dispatch<Message, Message>): Promise<Message> {
  try {
    return await dispatchSingle(dispatch);
  } catch (error) {
    throw toConnectError(error as RpcError);
  }
}

async function* stream(dispatch: Dispatch<Message, Message>): AsyncGenerator<Message, void, undefined> {
  try {
    yield* dispatchStream(dispatch);
  } catch (error) {
    throw toConnectError(error as RpcError);
  }
}
