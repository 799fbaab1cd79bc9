import { setImmediate } from 'node:timers/promises';
import {
  create,
  type DescMessage,
  type DescMethod,
  type Message,
  type MessageInitShape,
} from '@bufbuild/protobuf';
import { race } from '../context/race.ts';
import { cancelled, invalidArgument } from '../errors/constructors.ts';
import { RpcError } from '../errors/rpc-error.ts';
import type { MethodEntry } from './registration.ts';
import type { Runtime } from './runtime.ts';
import { type Arrival, ServerCall } from './server-call.ts';
import { validate } from './validation.ts';

/** The request as a transport has it: one, or many to come. `decode` may throw. */
export type Input<T> =
  | { readonly one: T; readonly decode: (raw: T) => Message }
  | { readonly many: AsyncIterable<T>; readonly decode: (raw: T) => Message };

/** What a transport gives to have a call served. */
export interface Dispatch<T, R> {
  readonly runtime: Runtime;
  readonly entry: MethodEntry;
  readonly arrival: Arrival;
  readonly input: Input<T>;
  /** Makes of a response what the transport sends. */
  readonly encode: (response: Message) => R;
  /** Told the id of the request before the handler runs. */
  readonly onAdmitted?: (requestId: string) => void;
}

/** Serves a call with one response. Rejects with an `RpcError` only. */
export async function dispatchSingle<T, R>(dispatch: Dispatch<T, R>): Promise<R> {
  const { runtime, entry, arrival } = dispatch;
  const call = new ServerCall(runtime, entry, arrival);
  let answer: Promise<object> | undefined;
  try {
    const context = await race(call.admit(), call.signal);
    dispatch.onAdmitted?.(call.requestId);
    answer = Promise.resolve(entry.handler(read(dispatch, call.signal), context) as Promise<object>);
    const response = dispatch.encode(toMessage(entry, await race(answer, call.signal)));
    call.succeed();
    return response;
  } catch (error) {
    throw call.fail(error);
  } finally {
    // A handler may outlive its call, and counts as in flight until it ends.
    if (answer === undefined) call.leave();
    else {
      answer.then(
        () => call.leave(),
        () => call.leave(),
      );
    }
  }
}

/** Serves a call with many responses. Throws an `RpcError` only. */
export async function* dispatchStream<T, R>(dispatch: Dispatch<T, R>): AsyncGenerator<R, void, undefined> {
  const { runtime, entry, arrival } = dispatch;
  const call = new ServerCall(runtime, entry, arrival);
  let responses: AsyncIterator<object> | undefined;
  let isDone = false;
  try {
    const context = await race(call.admit(), call.signal);
    dispatch.onAdmitted?.(call.requestId);
    const handled = entry.handler(read(dispatch, call.signal), context) as AsyncIterable<object>;
    responses = handled[Symbol.asyncIterator]();
    for (;;) {
      const next = await race(responses.next(), call.signal);
      if (next.done === true) break;
      yield dispatch.encode(toMessage(entry, next.value));
    }
    isDone = true;
    call.succeed();
  } catch (error) {
    throw call.fail(error);
  } finally {
    // The transport stopped reading: its caller has gone.
    call.fail(cancelled());
    if (isDone || responses?.return === undefined) call.leave();
    else {
      responses.return().then(
        () => call.leave(),
        () => call.leave(),
      );
    }
  }
}

/** Handlers may answer with a plain object; a message is taken as it is. */
function toMessage(entry: MethodEntry, response: object): Message {
  return create(entry.method.output, response as MessageInitShape<DescMessage>);
}

function read<T, R>(dispatch: Dispatch<T, R>, signal: AbortSignal): Message | AsyncIterable<Message> {
  const { input, entry } = dispatch;
  if ('one' in input) return decodeValid(entry.method, input.one, input.decode);
  return readMany(entry.method, input.many, input.decode, signal);
}

async function* readMany<T>(
  method: DescMethod,
  raws: AsyncIterable<T>,
  decode: (raw: T) => Message,
  signal: AbortSignal,
): AsyncGenerator<Message, void, undefined> {
  const iterator = raws[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await race(iterator.next(), signal);
      if (next.done === true) return await endOfRequests(signal);
      yield decodeValid(method, next.value, decode);
    }
  } catch (error) {
    // The stream of the transport ends with an error of its own when the caller leaves.
    if (signal.aborted) throw signal.reason;
    if (error instanceof RpcError) throw error;
    throw cancelled('The stream of requests broke off.', { cause: error });
  } finally {
    iterator.return?.()?.catch(() => undefined);
  }
}

/**
 * Tells the end of the requests from a caller that broke off: Node's HTTP/2 reports a reset stream as ended first, and
 * says a moment later that it was reset. Without the wait half an upload would pass for a whole one.
 */
async function endOfRequests(signal: AbortSignal): Promise<void> {
  await setImmediate();
  if (signal.aborted) throw signal.reason;
}

function decodeValid<T>(method: DescMethod, raw: T, decode: (raw: T) => Message): Message {
  const message = decodeOrRefuse(method, raw, decode);
  validate(method.input, message);
  return message;
}

function decodeOrRefuse<T>(method: DescMethod, raw: T, decode: (raw: T) => Message): Message {
  try {
    return decode(raw);
  } catch (error) {
    if (error instanceof RpcError) throw error;
    throw invalidArgument('', `The bytes are not a ${method.input.typeName}.`, { cause: error });
  }
}
