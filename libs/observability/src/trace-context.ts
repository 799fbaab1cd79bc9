import { randomBytes } from 'node:crypto';

/** Place of one unit of work in a distributed trace, as W3C Trace Context level 1 defines it. */
export interface TraceContext {
  /** 32 lower-case hexadecimal digits, the same for all spans of a trace. */
  readonly traceId: string;
  /** 16 lower-case hexadecimal digits: this span. */
  readonly spanId: string;
  /** The span that caused this one, absent at the root. */
  readonly parentSpanId?: string;
  /** Bit 0 says that the caller records the trace. */
  readonly flags: number;
  /** Vendors' own values, passed on as they came. */
  readonly state?: string;
}

const TRACEPARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;

/** The limit that the specification sets for what must be passed on. */
const MAX_STATE_LENGTH = 512;

/**
 * Reads a `traceparent` header (and `tracestate`, if any). Gives undefined for what the specification calls invalid:
 * wrong form, version ff, or ids of zeros. Versions above 00 are read by their first four fields.
 */
export function parseTraceparent(header: string | undefined, state?: string): TraceContext | undefined {
  const match = header === undefined ? null : TRACEPARENT.exec(header.trim());
  if (match === null) return undefined;
  const [, version, traceId = '', spanId = '', flags = '00', more] = match;
  if (version === 'ff' || (version === '00' && more !== undefined)) return undefined;
  if (/^0+$/.test(traceId) || /^0+$/.test(spanId)) return undefined;
  const keepState = state !== undefined && state !== '' && state.length <= MAX_STATE_LENGTH;
  return { traceId, spanId, flags: Number.parseInt(flags, 16) & 1, ...(keepState && { state }) };
}

/** Writes the `traceparent` header, version 00. */
export function formatTraceparent({ traceId, spanId, flags }: TraceContext): string {
  return `00-${traceId}-${spanId}-${flags.toString(16).padStart(2, '0')}`;
}

/** Begins a trace that nobody above asked for. */
export function newTrace(): TraceContext {
  return { traceId: randomBytes(16).toString('hex'), spanId: randomBytes(8).toString('hex'), flags: 0 };
}

/** A span below the given one, or the root of a new trace. */
export function childTrace(parent: TraceContext | undefined): TraceContext {
  if (parent === undefined) return newTrace();
  return { ...parent, spanId: randomBytes(8).toString('hex'), parentSpanId: parent.spanId };
}
