import type { Logger, Metrics, Tracer } from '@atelier/observability';
import { noopTracer } from '@atelier/observability';
import type { Authenticator } from '../identity/authenticator.ts';
import { InFlight } from './in-flight.ts';

/** What a server accepts at most. */
export interface ServerLimits {
  /** Bytes of one request message; the default is gRPC's own 4 MiB. Larger ones are RESOURCE_EXHAUSTED. */
  readonly maxMessageBytes?: number;
  /** Calls in flight, beyond which new ones are refused as overload; the default is 10,000. */
  readonly maxConcurrentCalls?: number;
}

/** gRPC's default, which no message of ours comes near, since pixels travel beside the calls. */
export const DEFAULT_MAX_MESSAGE_BYTES = 4 * 1024 * 1024;
const DEFAULT_MAX_CONCURRENT_CALLS = 10_000;

/** What both transports need in order to serve calls. */
export interface RuntimeOptions {
  readonly log: Logger;
  readonly metrics?: Metrics | undefined;
  readonly tracer?: Tracer | undefined;
  readonly authenticate: Authenticator;
  readonly limits?: ServerLimits | undefined;
}

/** The shared state of one transport. */
export interface Runtime {
  readonly log: Logger;
  readonly metrics: Metrics | undefined;
  readonly tracer: Tracer;
  readonly authenticate: Authenticator;
  readonly maxMessageBytes: number;
  readonly maxConcurrentCalls: number;
  readonly inFlight: InFlight;
  /** Aborted at the beginning of a drain. */
  readonly draining: AbortController;
  /** Aborted when a drain runs out of time, which aborts every call. */
  readonly stopping: AbortController;
}

export function createRuntime(options: RuntimeOptions): Runtime {
  return {
    log: options.log,
    metrics: options.metrics,
    tracer: options.tracer ?? noopTracer,
    authenticate: options.authenticate,
    maxMessageBytes: options.limits?.maxMessageBytes ?? DEFAULT_MAX_MESSAGE_BYTES,
    maxConcurrentCalls: options.limits?.maxConcurrentCalls ?? DEFAULT_MAX_CONCURRENT_CALLS,
    inFlight: new InFlight(),
    draining: new AbortController(),
    stopping: new AbortController(),
  };
}
