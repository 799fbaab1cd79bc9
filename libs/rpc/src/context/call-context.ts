import type { Logger, TraceContext } from '@atelier/observability';
import type { DescMethod } from '@bufbuild/protobuf';
import type { Principal } from '../identity/principal.ts';

/**
 * What a handler knows of the call it serves. It may be given to a client as call options as it is: the deadline, the
 * cancellation, the principal, the request id and the trace then travel on.
 */
export interface CallContext {
  /**
   * Aborted when nobody waits for the answer any more: the caller cancelled or left, the deadline passed, or a drain ran
   * out of time. The reason is an `RpcError`. Work that must outlive its caller does not listen to it.
   */
  readonly signal: AbortSignal;
  /** When this server answers DEADLINE_EXCEEDED by itself: a little before the caller gives up. */
  readonly deadline: Date | undefined;
  /** Who calls. Undefined on public methods, and on calls that a service of the mesh makes by itself. */
  readonly principal: Principal | undefined;
  /** Id under which the logs of all services tell of this request. */
  readonly requestId: string;
  /** This call's span. */
  readonly trace: TraceContext;
  /** Writes the request id and trace id into every line. */
  readonly log: Logger;
  readonly method: DescMethod;
  /** Metadata of the incoming call, names in lower case, binary values left out. They are never passed on. */
  readonly headers: ReadonlyMap<string, string>;
  /** Address of the other end of the connection, which may be a proxy's. */
  readonly peer: string;
  /** Aborted when the server begins to drain: endless streams, such as watches, end then. */
  readonly draining: AbortSignal;
}

/** The principal of a call whose method requires one. Throws where the registration does not. */
export function requirePrincipal(context: Pick<CallContext, 'principal' | 'method'>): Principal {
  if (context.principal !== undefined) return context.principal;
  throw new Error(`${context.method.parent.typeName}/${context.method.name} was reached without a principal`);
}
