import { type CallOptions as GrpcCallOptions, Metadata } from '@grpc/grpc-js';
import { v7 as uuidv7 } from 'uuid';
import type { Connection } from './connection.ts';

/** What a single call may be given. */
export interface CallOptions {
  /** Aborting it ends the call. A generation that was started goes on. */
  readonly signal?: AbortSignal | undefined;
  /** When the call is given up, in milliseconds from its start. */
  readonly timeoutMs?: number | undefined;
  /** The same as a moment; beside `timeoutMs` the earlier counts. */
  readonly deadline?: Date | undefined;
  /** Metadata of this call. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** When a call is given up; undefined for never. */
export function deadlineOf(options: CallOptions, defaultMs?: number): Date | undefined {
  const { timeoutMs, deadline } = options;
  const moments = [deadline?.getTime(), timeoutMs === undefined ? undefined : Date.now() + timeoutMs];
  const asked = moments.filter((moment) => moment !== undefined);
  if (asked.length > 0) return new Date(Math.min(...asked));
  return defaultMs === undefined ? undefined : new Date(Date.now() + defaultMs);
}

/** The options of grpc-js for a call. */
export function grpcOptions(options: CallOptions, defaultMs?: number): GrpcCallOptions {
  const deadline = deadlineOf(options, defaultMs);
  return deadline === undefined ? {} : { deadline };
}

/** The metadata of a call: the key, an id under which the server's logs have it, and what the call adds. */
export function callMetadata(connection: Connection, options: CallOptions): Metadata {
  const metadata = new Metadata();
  metadata.set('atelier-request-id', uuidv7());
  for (const [name, value] of Object.entries({ ...connection.headers, ...options.headers })) {
    metadata.set(name, value);
  }
  return metadata;
}
