import { durationMs, formatHostPort, type HostPort } from '@atelier/config';
import { type ServerOptions as GrpcServerOptions, Server } from '@grpc/grpc-js';
import { drainRuntime } from './drain.ts';
import { grpcHandler } from './grpc-handlers.ts';
import { Health } from './health.ts';
import { addReflection } from './reflection.ts';
import type { Registration } from './registration.ts';
import { createRuntime, type Runtime, type RuntimeOptions } from './runtime.ts';
import { type ServerTls, serverCredentials } from './tls.ts';
import { TrackedStreams } from './tracked-streams.ts';

/** How a gRPC server is run. */
export interface ServeOptions extends RuntimeOptions {
  /** Name of the service, for the log. */
  readonly name: string;
  /** Port 0 takes a free one. */
  readonly address: HostPort;
  readonly registrations: readonly Registration[];
  /** A FileDescriptorSet that holds all registered services and what they import, for reflection. */
  readonly descriptorSet: Uint8Array;
  /** Without it the server speaks plaintext. */
  readonly tls?: ServerTls | undefined;
  /**
   * After so many milliseconds, a tenth more or less, a connection is asked to end; default 60,000. Calls on it finish, and
   * the client that connects anew asks DNS again: nothing else makes it find replicas that were added.
   */
  readonly maxConnectionAgeMs?: number | undefined;
  /** How long calls on such a connection may still take, in milliseconds; default 900,000, more than a whole cycle. */
  readonly maxConnectionAgeGraceMs?: number | undefined;
}

/** A running gRPC server. Disposing it drains for at most a second. */
export interface RpcServer extends AsyncDisposable {
  /** The port that was bound. */
  readonly port: number;
  /** Calls whose handler has not ended. */
  readonly inFlight: number;
  /** Sets the health of one service, or of the whole server (''). */
  setServing(service: string, isServing: boolean): void;
  /**
   * Health goes to NOT_SERVING, new calls are refused, calls in flight finish. What has not after so many milliseconds
   * ends UNAVAILABLE. Resolves when everything is closed; calling it again gives the same end.
   */
  drain(graceMs: number): Promise<void>;
}

/** A handshake a minute for each pair of processes is nothing, and a replica that was added for load works within it. */
const DEFAULT_CONNECTION_AGE_MS = 60_000;
const MIN_CONNECTION_AGE_MS = 1_000;
const DEFAULT_CONNECTION_AGE_GRACE_MS = 900_000;
const DISPOSE_GRACE_MS = 1_000;

/**
 * The field of a configuration that says how old connections to a server may become: a duration of at least a second. The
 * default, in milliseconds, is that of a server inside the mesh.
 */
export function maxConnectionAge(defaultMs = DEFAULT_CONNECTION_AGE_MS) {
  return durationMs(MIN_CONNECTION_AGE_MS).default(defaultMs);
}

/** Silence after which a connection is probed, and how long the answer may take. Milliseconds. */
const KEEPALIVE_TIME_MS = 60_000;
const KEEPALIVE_TIMEOUT_MS = 20_000;

/**
 * Serves the registrations over gRPC, with the standard health and reflection services beside them, which need no
 * credential. Rejects where the address cannot be bound.
 */
export async function serve(options: ServeOptions): Promise<RpcServer> {
  const runtime = createRuntime(options);
  const server = new Server(serverOptions(options, runtime));
  for (const registration of options.registrations) register(server, runtime, registration);
  const streams = new TrackedStreams();
  const health = new Health(options.registrations);
  health.addTo(server, streams);
  addReflection(server, streams, options.registrations, options.descriptorSet);
  const port = await bind(server, options);
  health.setAll(true);
  options.log.info(
    { address: formatHostPort({ ...options.address, port }), name: options.name },
    'serving gRPC',
  );
  return running(server, runtime, health, streams, port);
}

function serverOptions(options: ServeOptions, runtime: Runtime): GrpcServerOptions {
  return {
    // Up to twice the limit is read and refused by us, with details; beyond that grpc-js refuses by the length alone.
    'grpc.max_receive_message_length': runtime.maxMessageBytes * 2,
    'grpc.max_connection_age_ms': options.maxConnectionAgeMs ?? DEFAULT_CONNECTION_AGE_MS,
    'grpc.max_connection_age_grace_ms': options.maxConnectionAgeGraceMs ?? DEFAULT_CONNECTION_AGE_GRACE_MS,
    'grpc.keepalive_time_ms': KEEPALIVE_TIME_MS,
    'grpc.keepalive_timeout_ms': KEEPALIVE_TIMEOUT_MS,
    'grpc.enable_channelz': 0,
  };
}

function register(server: Server, runtime: Runtime, registration: Registration): void {
  const same = (bytes: Buffer) => bytes;
  for (const entry of registration.methods.values()) {
    const { handle, type } = grpcHandler(runtime, entry);
    if (!server.register(entry.path, handle, same, same, type)) {
      throw new TypeError(`${entry.path} is registered twice`);
    }
  }
}

function bind(server: Server, { address, tls }: ServeOptions): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync(formatHostPort(address), serverCredentials(tls), (error, port) => {
      if (error === null) resolve(port);
      else reject(error);
    });
  });
}

function running(
  server: Server,
  runtime: Runtime,
  health: Health,
  streams: TrackedStreams,
  port: number,
): RpcServer {
  let drained: Promise<void> | undefined;
  const drain = async (graceMs: number) => {
    health.setAll(false);
    runtime.draining.abort();
    streams.endAll();
    const closed = new Promise<void>((resolve) => server.tryShutdown(() => resolve()));
    await drainRuntime(runtime, graceMs, closed);
    server.forceShutdown();
  };
  return {
    port,
    get inFlight() {
      return runtime.inFlight.count;
    },
    setServing: (service, isServing) => health.set(service, isServing),
    drain: (graceMs) => {
      drained ??= drain(graceMs);
      return drained;
    },
    [Symbol.asyncDispose]() {
      return this.drain(DISPOSE_GRACE_MS);
    },
  };
}
