import type { Message } from '@bufbuild/protobuf';
import type { ClientReadableStream } from '@grpc/grpc-js';
import { isLostConnection } from '../wire/status.ts';
import type { CallOptions } from './call-options.ts';
import type { Channel } from './channel.ts';
import { ClientCall, type MethodCodec, throwIfAborted } from './client-call.ts';
import { RequestPump } from './request-pump.ts';
import { isRepeatable } from './service-config.ts';

/** How often a call is made anew whose answer had begun. */
const MAX_REPEATS = 2;

/**
 * One request, one response. grpc-js never repeats a call whose answer has begun, although a server that dies just then
 * leaves as little as at any other time: what may be repeated is repeated here.
 */
export function unaryMethod(channel: Channel, codec: MethodCodec) {
  return async (init: unknown, options: CallOptions = {}): Promise<Message> => {
    throwIfAborted(options.signal);
    const call = new ClientCall(channel, codec, options);
    const request = call.request(init);
    for (let repeats = isRepeatable(codec.method) ? MAX_REPEATS : 0; ; repeats -= 1) {
      const { response, failure, hasBegun } = await attempt(channel, codec, call, request);
      if (response !== undefined) {
        call.succeed();
        return response;
      }
      if (!hasBegun || !isLostConnection(failure) || repeats <= 0) throw call.fail(failure);
    }
  };
}

/** What became of one attempt, and whether anything of an answer came. */
interface Attempt {
  readonly response?: Message | undefined;
  readonly failure: unknown;
  readonly hasBegun: boolean;
}

function attempt(
  channel: Channel,
  { path, encode, decode }: MethodCodec,
  call: ClientCall,
  request: Message,
): Promise<Attempt> {
  return new Promise((resolve) => {
    let hasBegun = false;
    const grpcCall = channel
      .next()
      .makeUnaryRequest(
        path,
        encode,
        decode,
        request,
        call.metadata.clone(),
        call.grpcOptions,
        (failure, response) => {
          resolve({ response: failure === null ? response : undefined, failure, hasBegun });
        },
      );
    grpcCall.once('metadata', () => {
      hasBegun = true;
    });
    call.follow(grpcCall);
  });
}

/** Many requests, one response. */
export function clientStreamingMethod(channel: Channel, codec: MethodCodec) {
  return async (requests: AsyncIterable<unknown>, options: CallOptions = {}): Promise<Message> => {
    throwIfAborted(options.signal);
    const call = new ClientCall(channel, codec, options);
    const { encode, decode, path } = codec;
    let pump: RequestPump | undefined;
    const answer = new Promise<Message>((resolve, reject) => {
      const grpcCall = channel
        .next()
        .makeClientStreamRequest(path, encode, decode, call.metadata, call.grpcOptions, (error, response) => {
          settle(call, error, response, resolve, reject);
        });
      grpcCall.on('error', () => undefined);
      call.follow(grpcCall);
      pump = new RequestPump(grpcCall, requests, (init) => call.request(init));
      void pump.run();
    });
    try {
      return await answer;
    } catch (error) {
      throw pump?.failure === undefined ? error : pump.failure.error;
    } finally {
      pump?.stop();
    }
  };
}

/** One request, many responses. The call starts when the first response is asked for. */
export function serverStreamingMethod(channel: Channel, codec: MethodCodec) {
  return async function* (
    init: unknown,
    options: CallOptions = {},
  ): AsyncGenerator<Message, void, undefined> {
    throwIfAborted(options.signal);
    const call = new ClientCall(channel, codec, options);
    const { encode, decode, path } = codec;
    const { metadata, grpcOptions } = call;
    const grpcCall = channel
      .next()
      .makeServerStreamRequest(path, encode, decode, call.request(init), metadata, grpcOptions);
    yield* responses(call, grpcCall);
  };
}

/** Many requests, many responses. The call starts when the first response is asked for. */
export function bidiStreamingMethod(channel: Channel, codec: MethodCodec) {
  return async function* (
    requests: AsyncIterable<unknown>,
    options: CallOptions = {},
  ): AsyncGenerator<Message, void, undefined> {
    throwIfAborted(options.signal);
    const call = new ClientCall(channel, codec, options);
    const { encode, decode, path } = codec;
    const grpcCall = channel
      .next()
      .makeBidiStreamRequest(path, encode, decode, call.metadata, call.grpcOptions);
    const pump = new RequestPump(grpcCall, requests, (init) => call.request(init));
    void pump.run();
    try {
      yield* responses(call, grpcCall);
    } catch (error) {
      throw pump.failure === undefined ? error : pump.failure.error;
    } finally {
      pump.stop();
    }
  };
}

async function* responses(
  call: ClientCall,
  grpcCall: ClientReadableStream<Message>,
): AsyncGenerator<Message, void, undefined> {
  // A cancelled call reports its status after the iteration is over, when nobody else listens.
  grpcCall.on('error', () => undefined);
  call.follow(grpcCall);
  let isOver = false;
  try {
    for await (const response of grpcCall) yield response as Message;
    isOver = true;
    call.succeed();
  } catch (error) {
    isOver = true;
    throw call.fail(error);
  } finally {
    // The reader stopped before the end.
    if (!isOver) {
      grpcCall.cancel();
      call.abandon();
    }
  }
}

function settle(
  call: ClientCall,
  error: unknown,
  response: Message | undefined,
  resolve: (response: Message) => void,
  reject: (error: Error) => void,
): void {
  if (error === null && response !== undefined) {
    call.succeed();
    resolve(response);
  } else {
    reject(call.fail(error));
  }
}
