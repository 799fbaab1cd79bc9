import type { Secret } from '@atelier/config';
import type { Metrics, Tracer } from '@atelier/observability';
import { noopTracer } from '@atelier/observability';
import type { DescService } from '@bufbuild/protobuf';
import {
  ChannelCredentials,
  type ChannelOptions as GrpcChannelOptions,
  Client as GrpcClient,
} from '@grpc/grpc-js';
import { deadlineExceeded } from '../errors/constructors.ts';
import { serviceConfig } from './service-config.ts';
import { normalizeTarget } from './target.ts';

/** Keys of a client. All in PEM. */
export interface ClientTls {
  /** Authorities that may have signed the server's certificate; the default is those of the system. */
  readonly authorities?: string;
  /** The client's own certificate and key, for servers that ask for one. */
  readonly certificate?: string;
  readonly key?: Secret;
  /** The name that the server's certificate must carry, where it is not the one that was called. */
  readonly serverName?: string;
}

/** How a channel is opened. */
export interface ChannelOptions {
  /** The services that are called over it: their repeatable methods are retried. */
  readonly services: readonly DescService[];
  /**
   * Ejects an address while most of its answers are faults; off by default. Refusals, overload and callers that left do not
   * count.
   */
  readonly outlierDetection?: boolean | undefined;
  /** The mesh credential, sent with every call. */
  readonly credential?: Secret | undefined;
  /** Without it the channel speaks plaintext. */
  readonly tls?: ClientTls | true | undefined;
  readonly metrics?: Metrics | undefined;
  readonly tracer?: Tracer | undefined;
  /** Metadata of every call. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Deadline of unary calls that have none, in milliseconds from their start; default 30,000. */
  readonly defaultTimeoutMs?: number | undefined;
  /** Connections to each address, for peers that exchange thousands of calls a second; default 1. */
  readonly connections?: number | undefined;
  /** Bytes of one response message; the default is gRPC's own 4 MiB. */
  readonly maxMessageBytes?: number | undefined;
}

const DEFAULT_TIMEOUT_MS = 30_000;

/**
 * Bytes of requests that are kept for retries, over all calls in flight. grpc-js's own 16 MiB are used up by some hundred
 * calls with many questions, and calls beyond it would not be retried.
 */
const RETRY_BUFFER_BYTES = 64 * 1024 * 1024;

/** Connections to the addresses of one target. Idle ones cost nothing but a socket; close it when done. */
export class Channel implements Disposable {
  readonly target: string;
  readonly credential: Secret | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly metrics: Metrics | undefined;
  readonly tracer: Tracer;
  readonly defaultTimeoutMs: number;
  readonly #clients: readonly GrpcClient[];
  #next = 0;

  constructor(target: string, options: ChannelOptions) {
    this.target = normalizeTarget(target);
    this.credential = options.credential;
    this.headers = options.headers ?? {};
    this.metrics = options.metrics;
    this.tracer = options.tracer ?? noopTracer;
    this.defaultTimeoutMs = options.defaultTimeoutMs ?? DEFAULT_TIMEOUT_MS;
    const credentials = channelCredentials(options.tls);
    const grpcOptions = channelOptions(options);
    this.#clients = Array.from(
      { length: options.connections ?? 1 },
      () => new GrpcClient(this.target, credentials, grpcOptions),
    );
  }

  /** The client of grpc-js for the next call. */
  next(): GrpcClient {
    const client = this.#clients[this.#next % this.#clients.length] as GrpcClient;
    this.#next += 1;
    return client;
  }

  /** Resolves once there is a connection; rejects with DEADLINE_EXCEEDED where there is none within the time. */
  ready(timeoutMs: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.next().waitForReady(Date.now() + timeoutMs, (error) => {
        if (error === undefined || error === null) resolve();
        else
          reject(
            deadlineExceeded(`No connection to ${this.target} within ${timeoutMs} ms.`, { cause: error }),
          );
      });
    });
  }

  /** Closes the connections once the calls on them have ended. */
  close(): void {
    for (const client of this.#clients) client.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

/**
 * Opens a channel to a target: `dns:///host:port`, `host:port`, `ipv4:a:1,b:2`, or addresses between commas. Calls go
 * round over all addresses. It connects at the first call and by itself again after a loss.
 */
export function openChannel(target: string, options: ChannelOptions): Channel {
  return new Channel(target, options);
}

function channelCredentials(tls: ChannelOptions['tls']): ChannelCredentials {
  if (tls === undefined) return ChannelCredentials.createInsecure();
  const { authorities, certificate, key } = tls === true ? ({} as ClientTls) : tls;
  const buffer = (text: string | undefined) => (text === undefined ? null : Buffer.from(text));
  return ChannelCredentials.createSsl(buffer(authorities), buffer(key?.reveal()), buffer(certificate));
}

function channelOptions(options: ChannelOptions): GrpcChannelOptions {
  const serverName = typeof options.tls === 'object' ? options.tls.serverName : undefined;
  return {
    'grpc.service_config': JSON.stringify(serviceConfig(options.services, options.outlierDetection ?? false)),
    'grpc.service_config_disable_resolution': 1,
    // Calls inside the mesh never go through a proxy that the environment happens to name.
    'grpc.enable_http_proxy': 0,
    // Connections are not shared with other channels of the process, so that closing and counting are exact.
    'grpc.use_local_subchannel_pool': 1,
    // A service that restarts is found again within seconds.
    'grpc.initial_reconnect_backoff_ms': 100,
    'grpc.max_reconnect_backoff_ms': 2_000,
    'grpc.dns_min_time_between_resolutions_ms': 2_000,
    'grpc.keepalive_time_ms': 30_000,
    'grpc.keepalive_timeout_ms': 10_000,
    'grpc.keepalive_permit_without_calls': 1,
    'grpc.retry_buffer_size': RETRY_BUFFER_BYTES,
    'grpc.enable_channelz': 0,
    ...(options.maxMessageBytes !== undefined && {
      'grpc.max_receive_message_length': options.maxMessageBytes,
    }),
    ...(serverName !== undefined && {
      'grpc.ssl_target_name_override': serverName,
      'grpc.default_authority': serverName,
    }),
  };
}
