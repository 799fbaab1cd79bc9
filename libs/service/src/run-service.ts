import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { HostPort } from '@atelier/config';
import { type Metrics, serveMetrics } from '@atelier/observability';
import { type ServeOptions, serve } from '@atelier/rpc';

/** A service while it runs. Disposing it drains for at most a second. */
export interface RunningService extends AsyncDisposable {
  readonly grpcPort: number;
  /** Port of its HTTP side; 0 where it has none. */
  readonly httpPort: number;
  /**
   * Readiness goes, calls in flight finish, what has not after so many milliseconds is cut off, and everything that the
   * service owns is disposed of. Calling it again gives the same end.
   */
  drain(graceMs?: number): Promise<void>;
}

/** How a service is run. */
export interface RunOptions extends Omit<ServeOptions, 'descriptorSet'> {
  readonly metrics: Metrics;
  /** Where metrics are served; nowhere without it. */
  readonly metricsAddress: HostPort | undefined;
  readonly httpPort?: number;
  /** Milliseconds that a drain may take where it is not said. */
  readonly drainGraceMs: number;
  /** Drains beside the gRPC server what else has work in flight. */
  readonly drainBeside?: (graceMs: number) => Promise<void>;
  /** Everything that the service owns; disposed of after the drain, or when the start fails. */
  readonly owned: AsyncDisposableStack;
}

const DISPOSE_GRACE_MS = 1_000;

/** Serves what a service registers, with health, reflection and metrics. Rejects where an address cannot be bound. */
export async function runService(options: RunOptions): Promise<RunningService> {
  const { owned, metrics, metricsAddress, drainGraceMs, drainBeside = async () => undefined } = options;
  await using stack = new AsyncDisposableStack();
  stack.use(owned);
  const server = stack.use(await serve({ ...options, descriptorSet: await descriptorSet() }));
  if (metricsAddress !== undefined) {
    metrics.collectProcess();
    stack.use(await serveMetrics(metrics, metricsAddress));
  }
  const all = stack.move();
  const end = async (graceMs: number) => {
    await Promise.all([server.drain(graceMs), drainBeside(graceMs)]);
    await all.disposeAsync();
  };
  let ended: Promise<void> | undefined;
  const service: RunningService = {
    grpcPort: server.port,
    httpPort: options.httpPort ?? 0,
    drain(graceMs = drainGraceMs) {
      ended ??= end(graceMs);
      return ended;
    },
    [Symbol.asyncDispose]: () => service.drain(DISPOSE_GRACE_MS),
  };
  return service;
}

/** The descriptors of the contract, for reflection. */
function descriptorSet(): Promise<Uint8Array> {
  return readFile(createRequire(import.meta.url).resolve('@atelier/protos/descriptor-set.binpb'));
}
