import type { CallContext, MethodEntry, Registration } from '@atelier/rpc';

/** A method's handler without its types: unary ones give a promise, streaming ones an iterable. */
export type AnyHandler = MethodEntry['handler'];

/** Makes a handler of another; the entry tells which method it is for. */
export type Wrapper = (entry: MethodEntry, next: AnyHandler) => AnyHandler;

/** The registration with every handler wrapped; the first wrapper is the outermost. */
export function wrap(registration: Registration, ...wrappers: readonly Wrapper[]): Registration {
  const methods = [...registration.methods].map(([name, entry]): [string, MethodEntry] => {
    const handler = wrappers.reduceRight((next, wrapper) => wrapper(entry, next), entry.handler);
    return [name, { ...entry, handler }];
  });
  return { service: registration.service, methods: new Map(methods) };
}

/** Runs a check before the handler, whatever the kind of the method. */
export function before(check: (entry: MethodEntry, context: CallContext) => void | Promise<void>): Wrapper {
  return (entry, next) => {
    if (isStream(entry)) {
      return async function* (input, context) {
        await check(entry, context);
        yield* next(input, context) as AsyncIterable<object>;
      };
    }
    return async (input, context) => {
      await check(entry, context);
      return next(input, context) as Promise<object>;
    };
  };
}

/** Whether the method answers with a stream. */
export function isStream({ method }: MethodEntry): boolean {
  return method.methodKind === 'server_streaming' || method.methodKind === 'bidi_streaming';
}
