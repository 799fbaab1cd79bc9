import type { RequestDefaults } from './generation/generation-input.ts';
import type { TlsOptions } from './rpc/connection.ts';

/** How long things may take, in milliseconds. */
export interface Timeouts {
  /** A unary call. Default 30 seconds. */
  readonly callMs?: number;
  /** Waiting for the end of a generation. Default 15 minutes; a passed deadline only ends the waiting. */
  readonly generationMs?: number;
  /** An upload or download, its calls included. Default 2 minutes. */
  readonly transferMs?: number;
}

/** How a client is made. */
export interface AtelierOptions {
  /** The gateway: `host:port`, `http://host:port`, `https://host:port`, or a target of gRPC. */
  readonly address: string;
  /** Sent with every call, as `authorization: Bearer …`. */
  readonly apiKey?: string | undefined;
  /** Encrypts, by default where the address begins with `https://`. Give keys where the system's do not do. */
  readonly tls?: TlsOptions | boolean | undefined;
  /** What every generation begins with, where its request says nothing. */
  readonly defaults?: RequestDefaults | undefined;
  readonly timeouts?: Timeouts | undefined;
  /**
   * How often in a row a generation, stream or transfer is tried again while the platform is unavailable. Default 5,
   * which bridges about six seconds.
   */
  readonly retries?: number | undefined;
}
