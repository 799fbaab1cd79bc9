import { childTrace, formatTraceparent, type TraceContext } from '@atelier/observability';
import { Metadata } from '@grpc/grpc-js';
import { v7 as uuidv7 } from 'uuid';
import { earliest } from '../context/deadline.ts';
import type { Principal } from '../identity/principal.ts';
import { HEADER } from '../wire/headers.ts';
import type { Channel } from './channel.ts';

/**
 * What a call may be given. A `CallContext` fits: deadline, cancellation, principal, request id and trace of the call
 * that is being served then travel on to this one.
 */
export interface CallOptions {
  /** Aborting it cancels the call at the other end too. */
  readonly signal?: AbortSignal | undefined;
  readonly deadline?: Date | undefined;
  /** From the start of the call; beside a deadline, the earlier of the two counts. */
  readonly timeoutMs?: number | undefined;
  /** Its token is sent along. */
  readonly principal?: Principal | undefined;
  readonly requestId?: string | undefined;
  /** The span that makes the call. */
  readonly trace?: TraceContext | undefined;
  /** Metadata of this call. A Map is not sent: it is what a context holds, the metadata of the incoming call. */
  readonly headers?: Readonly<Record<string, string>> | ReadonlyMap<string, string> | undefined;
  /** Waits for a connection until the deadline, instead of failing at once where there is none. */
  readonly waitForReady?: boolean | undefined;
}

/** When a call is given up: the earliest of what was asked, or the default; undefined means never. */
export function callDeadline(options: CallOptions, defaultMs: number | undefined): Date | undefined {
  const fromTimeout = options.timeoutMs === undefined ? undefined : new Date(Date.now() + options.timeoutMs);
  const asked = earliest(options.deadline, fromTimeout);
  if (asked !== undefined || defaultMs === undefined) return asked;
  return new Date(Date.now() + defaultMs);
}

/** The span of the call itself. */
export function callTrace(options: CallOptions): TraceContext {
  return childTrace(options.trace);
}

/** What a call sends beside its request. */
export function callMetadata(channel: Channel, options: CallOptions, trace: TraceContext): Metadata {
  const metadata = new Metadata({ waitForReady: options.waitForReady ?? false });
  setAll(metadata, channel.headers);
  if (options.headers !== undefined && !(options.headers instanceof Map)) {
    setAll(metadata, options.headers as Readonly<Record<string, string>>);
  }
  metadata.set(HEADER.requestId, options.requestId ?? uuidv7());
  metadata.set(HEADER.traceparent, formatTraceparent(trace));
  if (trace.state !== undefined) metadata.set(HEADER.tracestate, trace.state);
  if (channel.credential !== undefined) metadata.set(HEADER.meshCredential, channel.credential.reveal());
  const token = options.principal?.token;
  if (token !== undefined) metadata.set(HEADER.principal, token);
  return metadata;
}

function setAll(metadata: Metadata, headers: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(headers)) metadata.set(name, value);
}
