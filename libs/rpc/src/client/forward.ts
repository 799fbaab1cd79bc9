import type { DescMethod, DescService, Message } from '@bufbuild/protobuf';
import type { CallContext } from '../context/call-context.ts';
import {
  type Access,
  type AnyHandler,
  type MethodEntry,
  methodPath,
  type Registration,
} from '../server/registration.ts';
import type { CallOptions } from './call-options.ts';
import type { Channel } from './channel.ts';
import { createClient } from './client.ts';

/** How a service is forwarded. */
export interface ForwardOptions {
  /** Throws where the caller may not use the method. It runs before anything is sent on. */
  readonly authorize: (method: DescMethod, context: CallContext) => void | Promise<void>;
  /** What the forwarded call is given; the default is the context itself. */
  readonly mapContext?: (context: CallContext) => CallOptions;
  /** Who may call which method; the default is `caller` for all. */
  readonly access?: (method: DescMethod) => Access;
}

type Call = (input: unknown, options: CallOptions) => Promise<Message> | AsyncIterable<Message>;

/**
 * Serves a whole service by passing every call on over the channel, all kinds of streams included. Errors of the other
 * end pass with all their details unchanged.
 */
export function forward(service: DescService, channel: Channel, options: ForwardOptions): Registration {
  const client = createClient(service, channel) as unknown as Record<string, Call>;
  const methods = service.methods.map((method): [string, MethodEntry] => {
    const call = client[method.localName] as Call;
    const access = options.access?.(method) ?? 'caller';
    return [
      method.localName,
      { method, path: methodPath(method), access, handler: forwarder(method, call, options) },
    ];
  });
  return { service, methods: new Map(methods) };
}

function forwarder(method: DescMethod, call: Call, { authorize, mapContext }: ForwardOptions): AnyHandler {
  const target = (context: CallContext) => mapContext?.(context) ?? context;
  if (method.methodKind === 'unary' || method.methodKind === 'client_streaming') {
    return async (input, context) => {
      await authorize(method, context);
      return call(input, target(context)) as Promise<Message>;
    };
  }
  return async function* (input, context) {
    await authorize(method, context);
    yield* call(input, target(context)) as AsyncIterable<Message>;
  };
}
