import type {
  DescMethod,
  DescMethodBiDiStreaming,
  DescMethodClientStreaming,
  DescMethodServerStreaming,
  DescMethodUnary,
  DescService,
  Message,
  MessageInitShape,
  MessageShape,
} from '@bufbuild/protobuf';
import type { CallContext } from '../context/call-context.ts';

/** The handler of one method, in the form that its kind asks for. */
export type Handler<M extends DescMethod> =
  M extends DescMethodUnary<infer I, infer O>
    ? (request: MessageShape<I>, context: CallContext) => Promise<MessageInitShape<O>>
    : M extends DescMethodServerStreaming<infer I, infer O>
      ? (request: MessageShape<I>, context: CallContext) => AsyncIterable<MessageInitShape<O>>
      : M extends DescMethodClientStreaming<infer I, infer O>
        ? (requests: AsyncIterable<MessageShape<I>>, context: CallContext) => Promise<MessageInitShape<O>>
        : M extends DescMethodBiDiStreaming<infer I, infer O>
          ? (
              requests: AsyncIterable<MessageShape<I>>,
              context: CallContext,
            ) => AsyncIterable<MessageInitShape<O>>
          : never;

/** Handlers for all methods of a service, by their names in TypeScript. */
export type Handlers<S extends DescService> = { [K in keyof S['method']]: Handler<S['method'][K]> };

/**
 * Who may call a method: `caller` needs a verified principal, `service` is content with the mesh credential alone,
 * `public` needs nothing.
 */
export type Access = 'public' | 'service' | 'caller';

/** A handler whose types are forgotten, as the transports call it. */
export type AnyHandler = (
  input: Message | AsyncIterable<Message>,
  context: CallContext,
) => Promise<object> | AsyncIterable<object>;

/** One method with its handler. */
export interface MethodEntry {
  readonly method: DescMethod;
  /** `/package.Service/Method`, as it is on the wire. */
  readonly path: string;
  readonly access: Access;
  readonly handler: AnyHandler;
}

/** A service with its handlers, ready for `serve` and for `connectRoutes`. */
export interface Registration {
  readonly service: DescService;
  /** By the method's name in TypeScript. */
  readonly methods: ReadonlyMap<string, MethodEntry>;
}

/** How a service is registered. */
export interface ImplementOptions {
  /** Who may call which method; the default is `caller` for all. */
  readonly access?: (method: DescMethod) => Access;
}

/**
 * Joins a service descriptor with its handlers. Throws where a method has no handler, so that a service cannot start
 * with a hole in its contract.
 */
export function implement<S extends DescService>(
  service: S,
  handlers: Handlers<S>,
  options: ImplementOptions = {},
): Registration {
  const given = handlers as Record<string, AnyHandler | undefined>;
  const entries = service.methods.map((method): [string, MethodEntry] => {
    const handler = given[method.localName];
    if (handler === undefined) throw new TypeError(`${methodPath(method)} has no handler`);
    const access = options.access?.(method) ?? 'caller';
    return [method.localName, { method, path: methodPath(method), access, handler: handler.bind(handlers) }];
  });
  return { service, methods: new Map(entries) };
}

/** `/package.Service/Method`, as it is on the wire. */
export function methodPath(method: DescMethod): string {
  return `/${method.parent.typeName}/${method.name}`;
}
