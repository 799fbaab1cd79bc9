import type {
  DescMethod,
  DescMethodBiDiStreaming,
  DescMethodClientStreaming,
  DescMethodServerStreaming,
  DescMethodUnary,
  DescService,
  MessageInitShape,
  MessageShape,
} from '@bufbuild/protobuf';
import type { CallOptions } from './call-options.ts';
import type { Channel } from './channel.ts';
import { methodCodec } from './client-call.ts';
import { bidiStreamingMethod, clientStreamingMethod, serverStreamingMethod, unaryMethod } from './methods.ts';

/** The function by which one method is called, in the form that its kind asks for. */
export type ClientMethod<M extends DescMethod> =
  M extends DescMethodUnary<infer I, infer O>
    ? (request: MessageInitShape<I>, options?: CallOptions) => Promise<MessageShape<O>>
    : M extends DescMethodServerStreaming<infer I, infer O>
      ? (request: MessageInitShape<I>, options?: CallOptions) => AsyncIterable<MessageShape<O>>
      : M extends DescMethodClientStreaming<infer I, infer O>
        ? (requests: AsyncIterable<MessageInitShape<I>>, options?: CallOptions) => Promise<MessageShape<O>>
        : M extends DescMethodBiDiStreaming<infer I, infer O>
          ? (
              requests: AsyncIterable<MessageInitShape<I>>,
              options?: CallOptions,
            ) => AsyncIterable<MessageShape<O>>
          : never;

/** A typed client of a service: one function per method, by its name in TypeScript. */
export type Client<S extends DescService> = {
  readonly [K in keyof S['method']]: ClientMethod<S['method'][K]>;
};

/**
 * A typed client over a channel. Calls reject with an `RpcError` only, except that a failure of the caller's own stream
 * of requests is thrown as it is. Unary calls without a deadline get the channel's default, streams none. Streams start
 * when they are first read; stopping to read cancels them.
 */
export function createClient<S extends DescService>(service: S, channel: Channel): Client<S> {
  const methods = service.methods.map((method) => [method.localName, clientMethod(method, channel)]);
  return Object.fromEntries(methods) as Client<S>;
}

/** The function for one method, without its types. */
function clientMethod(method: DescMethod, channel: Channel) {
  const codec = methodCodec(method);
  switch (method.methodKind) {
    case 'unary':
      return unaryMethod(channel, codec);
    case 'server_streaming':
      return serverStreamingMethod(channel, codec);
    case 'client_streaming':
      return clientStreamingMethod(channel, codec);
    case 'bidi_streaming':
      return bidiStreamingMethod(channel, codec);
  }
}
