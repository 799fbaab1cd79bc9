import { create, type DescMethod, fromBinary, type Message, toBinary } from '@bufbuild/protobuf';
import type { ClientReadableStream } from '@grpc/grpc-js';
import { abortedError } from './aborted.ts';
import { type CallOptions, callMetadata, grpcOptions } from './call-options.ts';
import type { Connection } from './connection.ts';
import { decodeError, isServiceError } from './decode-error.ts';

type Init = Record<string, unknown>;

/** One request, one response. */
export function unary(connection: Connection, method: DescMethod) {
  const { path, encode, decode } = codec(method);
  return (init: Init, options: CallOptions = {}): Promise<Message> =>
    new Promise((resolve, reject) => {
      throwIfAborted(options.signal);
      const call = connection.grpc.makeUnaryRequest(
        path,
        encode,
        decode,
        create(method.input, init),
        callMetadata(connection, options),
        grpcOptions(options, connection.callMs),
        (error, response) => {
          stopFollowing();
          if (error === null && response !== undefined) resolve(response);
          else reject(toError(error, options.signal));
        },
      );
      const stopFollowing = follow(call, options.signal);
    });
}

/** One request, many responses. The call starts when the first is asked for. */
export function serverStream(connection: Connection, method: DescMethod) {
  const { path, encode, decode } = codec(method);
  return async function* (init: Init, options: CallOptions = {}): AsyncGenerator<Message, void, undefined> {
    throwIfAborted(options.signal);
    const call: ClientReadableStream<Message> = connection.grpc.makeServerStreamRequest(
      path,
      encode,
      decode,
      create(method.input, init),
      callMetadata(connection, options),
      grpcOptions(options),
    );
    // A call that is cancelled after its reader left reports it when nobody listens any more.
    call.on('error', () => undefined);
    const stopFollowing = follow(call, options.signal);
    try {
      for await (const response of call) yield response as Message;
    } catch (error) {
      throw toError(error, options.signal);
    } finally {
      stopFollowing();
      call.cancel();
    }
  };
}

function codec(method: DescMethod) {
  return {
    path: `/${method.parent.typeName}/${method.name}`,
    encode: (message: Message): Buffer => {
      const bytes = toBinary(method.input, message);
      return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    },
    decode: (bytes: Buffer): Message => fromBinary(method.output, bytes),
  };
}

function follow(call: { cancel(): void }, signal: AbortSignal | undefined): () => void {
  const onAbort = () => call.cancel();
  signal?.addEventListener('abort', onAbort, { once: true });
  return () => signal?.removeEventListener('abort', onAbort);
}

function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw abortedError(signal);
}

/** What the caller sees of a failed call. */
function toError(failure: unknown, signal: AbortSignal | undefined): unknown {
  if (signal?.aborted) return abortedError(signal);
  return isServiceError(failure) ? decodeError(failure) : failure;
}
