import { type Client, Code, isRpcError, RpcError } from '@atelier/rpc';
import type { DescService } from '@bufbuild/protobuf';
import type { Wrapper } from '../identity/wrap.ts';
import { isStream } from '../identity/wrap.ts';

/** Names of the mesh's services, by the package of their contracts. */
const SERVICES: Readonly<Record<string, string>> = {
  prompt: 'prompt-template',
  provider: 'provider-adapter',
  evaluation: 'evaluator',
  storage: 'storage',
};

/**
 * An error that says that a service is away names it as operators know it (`storage`), wherever in the mesh it was
 * missed. Everything else passes as it is.
 */
export function namingService(thrown: unknown): unknown {
  if (!isRpcError(thrown, Code.UNAVAILABLE) || thrown.reason !== 'SERVICE_UNREACHABLE') return thrown;
  const domain = /^atelier\.([a-z]+)\./.exec(thrown.metadata.service ?? '')?.[1] ?? '';
  const service = SERVICES[domain];
  if (service === undefined) return thrown;
  return new RpcError(Code.UNAVAILABLE, `The service ${service} cannot be reached.`, {
    reason: 'SERVICE_UNREACHABLE',
    metadata: { ...thrown.metadata, service },
    retryAfterMs: thrown.retryAfterMs,
    cause: thrown.cause ?? thrown,
  });
}

type AnyCall = (...values: unknown[]) => Promise<unknown> | AsyncIterable<unknown>;

/** The client, its errors naming services as above. */
export function namingClient<S extends DescService>(service: S, client: Client<S>): Client<S> {
  const calls = client as unknown as Record<string, AnyCall>;
  const named = service.methods.map((method) => {
    const call = calls[method.localName] as AnyCall;
    const answersOnce = method.methodKind === 'unary' || method.methodKind === 'client_streaming';
    return [method.localName, answersOnce ? namingOnce(call) : namingMany(call)];
  });
  return Object.fromEntries(named) as Client<S>;
}

/** The same for what is forwarded. */
export const namingForwarded: Wrapper = (entry, next) =>
  (isStream(entry) ? namingMany(next as AnyCall) : namingOnce(next as AnyCall)) as typeof next;

function namingOnce(call: AnyCall): AnyCall {
  return async (...values) => {
    try {
      return await (call(...values) as Promise<unknown>);
    } catch (error) {
      throw namingService(error);
    }
  };
}

function namingMany(call: AnyCall): AnyCall {
  return async function* (...values) {
    try {
      yield* call(...values) as AsyncIterable<unknown>;
    } catch (error) {
      throw namingService(error);
    }
  };
}
