import type { TraceContext } from './trace-context.ts';

/** What happened in a span, once it is over. */
export interface SpanEnd {
  /** `OK`, or the name of the gRPC status. */
  readonly status: string;
  readonly attributes?: Readonly<Record<string, string | number | boolean>>;
}

/** A span that has begun. */
export interface Span {
  end(result: SpanEnd): void;
}

/**
 * Receives spans. The ids are given, since the context is passed on whether or not anybody records; an exporter (such
 * as one over OpenTelemetry) is put behind this interface without touching the callers.
 */
export interface Tracer {
  start(name: string, kind: 'server' | 'client' | 'internal', context: TraceContext): Span;
}

const nothing: Span = { end: () => undefined };

/** Records nothing. */
export const noopTracer: Tracer = { start: () => nothing };
