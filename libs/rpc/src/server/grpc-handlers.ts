import type { Message } from '@bufbuild/protobuf';
import {
  type handleBidiStreamingCall,
  type handleClientStreamingCall,
  type handleServerStreamingCall,
  type handleUnaryCall,
  Metadata,
  type ServerDuplexStream,
  type ServerReadableStream,
  type ServerWritableStream,
} from '@grpc/grpc-js';
import { Code } from '../errors/code.ts';
import { RpcError } from '../errors/rpc-error.ts';
import { HEADER } from '../wire/headers.ts';
import { decodeMessage, encodeMessage } from '../wire/serialize.ts';
import { toStatus } from '../wire/status.ts';
import { type Dispatch, dispatchSingle, dispatchStream, type Input } from './dispatch.ts';
import { arrivalOf, type ServerSurfaceCall } from './grpc-arrival.ts';
import type { MethodEntry } from './registration.ts';
import type { Runtime } from './runtime.ts';

/** A method as `Server.register` of grpc-js takes it. Messages are Buffers here: they are decoded after admission. */
export type GrpcHandler =
  | { readonly type: 'unary'; readonly handle: handleUnaryCall<Buffer, Buffer> }
  | { readonly type: 'serverStream'; readonly handle: handleServerStreamingCall<Buffer, Buffer> }
  | { readonly type: 'clientStream'; readonly handle: handleClientStreamingCall<Buffer, Buffer> }
  | { readonly type: 'bidi'; readonly handle: handleBidiStreamingCall<Buffer, Buffer> };

/** Serves one method over grpc-js. */
export function grpcHandler(runtime: Runtime, entry: MethodEntry): GrpcHandler {
  const decode = decoder(runtime, entry);
  const dispatchOf = (call: ServerSurfaceCall, input: Input<Buffer>): Dispatch<Buffer, Buffer> => {
    // Sent with the first response and not before: headers would commit the call, and end the client's retries.
    let requestId: string | undefined;
    return {
      runtime,
      entry,
      input,
      arrival: arrivalOf(call),
      encode: (response) => {
        const encoded = encodeMessage(entry.method.output, response);
        if (requestId !== undefined) sendRequestId(call, requestId);
        requestId = undefined;
        return encoded;
      },
      onAdmitted: (id) => {
        requestId = id;
      },
    };
  };
  const one = (raw: Buffer): Input<Buffer> => ({ one: raw, decode });
  const many = (
    call: ServerReadableStream<Buffer, Buffer> | ServerDuplexStream<Buffer, Buffer>,
  ): Input<Buffer> => ({
    // The default iterator destroys the stream when the handler stops reading, and the answer with it.
    many: call.iterator({ destroyOnReturn: false }),
    decode,
  });

  switch (entry.method.methodKind) {
    case 'unary':
      return {
        type: 'unary',
        handle: (call, callback) => single(dispatchOf(call, one(call.request)), callback),
      };
    case 'client_streaming':
      return {
        type: 'clientStream',
        handle: (call, callback) => single(dispatchOf(call, many(call)), callback),
      };
    case 'server_streaming':
      return { type: 'serverStream', handle: (call) => stream(dispatchOf(call, one(call.request)), call) };
    case 'bidi_streaming':
      return { type: 'bidi', handle: (call) => stream(dispatchOf(call, many(call)), call) };
  }
}

function decoder(runtime: Runtime, entry: MethodEntry): (raw: Buffer) => Message {
  return (raw) => {
    if (raw.length > runtime.maxMessageBytes) throw tooLarge(raw.length, runtime.maxMessageBytes);
    return decodeMessage(entry.method.input, raw);
  };
}

function tooLarge(size: number, limit: number): RpcError {
  const message = `A message of ${size} bytes is larger than the ${limit} that the server accepts.`;
  return new RpcError(Code.RESOURCE_EXHAUSTED, message, { reason: 'MESSAGE_TOO_LARGE' });
}

function sendRequestId(call: ServerSurfaceCall, requestId: string): void {
  const metadata = new Metadata();
  metadata.set(HEADER.requestId, requestId);
  call.sendMetadata(metadata);
}

type Callback = Parameters<handleUnaryCall<Buffer, Buffer>>[1];

function single(dispatch: Dispatch<Buffer, Buffer>, callback: Callback): void {
  dispatchSingle(dispatch).then(
    (response) => callback(null, response),
    (error: RpcError) => callback(toStatus(error)),
  );
}

type Writable = ServerWritableStream<Buffer, Buffer> | ServerDuplexStream<Buffer, Buffer>;

function stream(dispatch: Dispatch<Buffer, Buffer>, call: Writable): void {
  pump(dispatch, call).then(
    () => call.end(),
    (error: RpcError) => call.emit('error', toStatus(error)),
  );
}

async function pump(dispatch: Dispatch<Buffer, Buffer>, call: Writable): Promise<void> {
  for await (const response of dispatchStream(dispatch)) {
    if (!call.write(response)) await drained(call);
  }
}

/** Waits until the other end has read, or has gone: then `write` goes nowhere and the dispatch ends by its signal. */
function drained(call: Writable): Promise<void> {
  return new Promise((resolve) => {
    if (call.cancelled || call.destroyed) return resolve();
    const done = () => {
      call.off('drain', done);
      call.off('close', done);
      call.off('cancelled', done);
      resolve();
    };
    call.once('drain', done);
    call.once('close', done);
    call.once('cancelled', done);
  });
}
