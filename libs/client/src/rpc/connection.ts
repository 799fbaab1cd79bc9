import type { DescService } from '@bufbuild/protobuf';
import { ChannelCredentials, type ChannelOptions, Client as GrpcClient } from '@grpc/grpc-js';
import { type Address, parseAddress } from './address.ts';
import { serviceConfig } from './service-config.ts';

/** Keys of a client, in PEM. */
export interface TlsOptions {
  /** Authorities that may have signed the server's certificate; the default is those that Node knows. */
  readonly authorities?: string;
  /** The client's own certificate and key, where the server asks for one. */
  readonly certificate?: string;
  readonly key?: string;
  /** The name that the server's certificate must carry, where it is not the one that is called. */
  readonly serverName?: string;
}

/** What a connection is opened with. */
export interface ConnectionOptions {
  /** `host:port`, `http://host:port`, `https://host:port`, or a target of gRPC such as `dns:///host:port`. */
  readonly address: string;
  readonly tls?: TlsOptions | boolean | undefined;
  /** Services whose repeatable methods are retried. */
  readonly services: readonly DescService[];
  /** Metadata of every call. */
  readonly headers: Readonly<Record<string, string>>;
  /** Deadline of unary calls that have none, in milliseconds. */
  readonly callMs: number;
}

/** A connection to one gateway, by which all clients call. It connects at the first call, and again after a loss. */
export class Connection {
  readonly grpc: GrpcClient;
  readonly headers: Readonly<Record<string, string>>;
  readonly callMs: number;

  constructor(options: ConnectionOptions) {
    const address = parseAddress(options.address);
    const tls = options.tls ?? address.tls;
    this.grpc = new GrpcClient(address.target, credentials(tls), channelOptions(options, address, tls));
    this.headers = options.headers;
    this.callMs = options.callMs;
  }

  close(): void {
    this.grpc.close();
  }
}

function credentials(tls: TlsOptions | boolean): ChannelCredentials {
  if (tls === false) return ChannelCredentials.createInsecure();
  const { authorities, certificate, key } = tls === true ? ({} as TlsOptions) : tls;
  const buffer = (text: string | undefined) => (text === undefined ? null : Buffer.from(text));
  return ChannelCredentials.createSsl(buffer(authorities), buffer(key), buffer(certificate));
}

function channelOptions(
  options: ConnectionOptions,
  address: Address,
  tls: TlsOptions | boolean,
): ChannelOptions {
  const serverName = typeof tls === 'object' ? tls.serverName : undefined;
  return {
    'grpc.service_config': JSON.stringify(serviceConfig(options.services)),
    'grpc.service_config_disable_resolution': 1,
    // A proxy that the environment names leads out, never to this machine itself.
    'grpc.enable_http_proxy': address.isLoopback ? 0 : 1,
    // Two clients with other keys or options must not share what one of them closes.
    'grpc.use_local_subchannel_pool': 1,
    'grpc.initial_reconnect_backoff_ms': 200,
    'grpc.max_reconnect_backoff_ms': 3_000,
    // A generation takes minutes; without probes a connection that died in silence would be noticed only then.
    'grpc.keepalive_time_ms': 60_000,
    'grpc.keepalive_timeout_ms': 20_000,
    'grpc.enable_channelz': 0,
    ...(serverName !== undefined && {
      'grpc.ssl_target_name_override': serverName,
      'grpc.default_authority': serverName,
    }),
  };
}
