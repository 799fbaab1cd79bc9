import type {
  DescMethod,
  DescMethodServerStreaming,
  DescMethodUnary,
  DescService,
  Message,
  MessageInitShape,
  MessageShape,
} from '@bufbuild/protobuf';
import { serverStream, unary } from './call.ts';
import type { CallOptions } from './call-options.ts';
import type { Connection } from './connection.ts';

/** The function by which one method is called. */
export type ClientMethod<M extends DescMethod> =
  M extends DescMethodUnary<infer I, infer O>
    ? (request: MessageInitShape<I>, options?: CallOptions) => Promise<MessageShape<O>>
    : M extends DescMethodServerStreaming<infer I, infer O>
      ? (request: MessageInitShape<I>, options?: CallOptions) => AsyncIterable<MessageShape<O>>
      : never;

/** A typed client of a service: one function for each method. Calls reject with an `AtelierError`. */
export type ServiceClient<S extends DescService> = {
  readonly [K in keyof S['method']]: ClientMethod<S['method'][K]>;
};

/**
 * A client over a connection. Streams start when they are first read; to stop reading cancels them. The public services
 * have no methods that stream requests, and this client offers none.
 */
export function createServiceClient<S extends DescService>(
  service: S,
  connection: Connection,
): ServiceClient<S> {
  const methods = service.methods.map((method): [string, unknown] => {
    const name = method.localName;
    if (method.methodKind === 'unary') return [name, unary(connection, method)];
    if (method.methodKind === 'server_streaming') return [name, serverStream(connection, method)];
    throw new TypeError(`${service.typeName}.${method.name} streams its requests`);
  });
  return Object.fromEntries(methods) as ServiceClient<S> & Record<string, (request: Message) => unknown>;
}
