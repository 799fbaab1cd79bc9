import type { Span } from '@atelier/observability';
import {
  create,
  type DescMessage,
  type DescMethod,
  type Message,
  type MessageInitShape,
} from '@bufbuild/protobuf';
import type { CallOptions as GrpcCallOptions, Metadata, ServiceError } from '@grpc/grpc-js';
import { Code, codeName } from '../errors/code.ts';
import { cancelled } from '../errors/constructors.ts';
import { isRpcError, RpcError } from '../errors/rpc-error.ts';
import { decodeMessage, encodeMessage } from '../wire/serialize.ts';
import { fromServiceError } from '../wire/status.ts';
import { type CallOptions, callDeadline, callMetadata, callTrace } from './call-options.ts';
import type { Channel } from './channel.ts';

/** What calls of one method share, made once. */
export interface MethodCodec {
  readonly method: DescMethod;
  readonly path: string;
  readonly encode: (message: Message) => Buffer;
  readonly decode: (bytes: Buffer) => Message;
}

export function methodCodec(method: DescMethod): MethodCodec {
  return {
    method,
    path: `/${method.parent.typeName}/${method.name}`,
    encode: (message) => encodeMessage(method.input, message),
    decode: (bytes) => decodeMessage(method.output, bytes),
  };
}

/** One outgoing call from its start to its status: what is sent along, cancellation, and what is measured. */
export class ClientCall {
  readonly metadata: Metadata;
  readonly grpcOptions: GrpcCallOptions;
  readonly #codec: MethodCodec;
  readonly #channel: Channel;
  readonly #signal: AbortSignal | undefined;
  readonly #span: Span;
  readonly #startedAt = performance.now();
  #stopFollowing: () => void = () => undefined;
  #ended = false;

  constructor(channel: Channel, codec: MethodCodec, options: CallOptions) {
    const trace = callTrace(options);
    const deadline = callDeadline(options, defaultTimeout(channel, codec.method));
    this.metadata = callMetadata(channel, options, trace);
    this.grpcOptions = deadline === undefined ? {} : { deadline };
    this.#codec = codec;
    this.#channel = channel;
    this.#signal = options.signal;
    this.#span = channel.tracer.start(codec.path, 'client', trace);
  }

  /** Cancels the call at the other end when the caller's signal is aborted. */
  follow(call: { cancel(): void }): void {
    this.#stopFollowing();
    const signal = this.#signal;
    if (signal === undefined) return;
    const onAbort = () => call.cancel();
    signal.addEventListener('abort', onAbort, { once: true });
    this.#stopFollowing = () => signal.removeEventListener('abort', onAbort);
    if (signal.aborted) onAbort();
  }

  request(init: unknown): Message {
    return create(this.#codec.method.input, init as MessageInitShape<DescMessage>);
  }

  succeed(): void {
    this.#end(Code.OK);
  }

  /** The caller stopped reading. */
  abandon(): void {
    this.#end(Code.CANCELLED);
  }

  /** The error that the caller sees. */
  fail(failure: unknown): RpcError {
    const error = this.#toError(failure);
    this.#end(error.code);
    return error;
  }

  #toError(failure: unknown): RpcError {
    if (failure instanceof RpcError) return failure;
    const { method } = this.#codec;
    const isStatus = typeof (failure as Partial<ServiceError>)?.code === 'number';
    const error = isStatus
      ? fromServiceError(failure as ServiceError, method.parent.typeName, method.name)
      : cancelled('The call broke off.', { cause: failure });
    // What made the caller stop says more than that it stopped.
    if (error.code === Code.CANCELLED && this.#signal?.aborted && isRpcError(this.#signal.reason)) {
      return this.#signal.reason;
    }
    return error;
  }

  #end(code: Code): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#stopFollowing();
    const status = codeName(code);
    const seconds = (performance.now() - this.#startedAt) / 1_000;
    this.#channel.metrics?.clientSeconds.observe({ method: this.#codec.path, code: status }, seconds);
    this.#span.end({ status });
  }
}

/** Streams may be meant to last; calls with one request and one response are not. */
function defaultTimeout(channel: Channel, method: DescMethod): number | undefined {
  return method.methodKind === 'unary' ? channel.defaultTimeoutMs : undefined;
}

/** Throws what the signal of an aborted caller says, as an `RpcError`. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (!signal?.aborted) return;
  throw isRpcError(signal.reason) ? signal.reason : cancelled(undefined, { cause: signal.reason });
}
