import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { serveMetrics } from '@atelier/observability';
import { meshAuthenticator, serve } from '@atelier/rpc';
import type { ProviderAdapterConfig } from './config.ts';
import { createContext, type ProviderAdapterOverrides } from './context.ts';
import { registrations } from './handlers/registrations.ts';

export { loadProviderAdapterConfig, type ProviderAdapterConfig } from './config.ts';
export type { ProviderAdapterOverrides } from './context.ts';

/** Provider-adapter while it runs. Disposing it drains for at most a second. */
export interface RunningService extends AsyncDisposable {
  readonly grpcPort: number;
  /** Readiness goes, calls and submissions in flight finish; what has not after so many milliseconds is cut off. */
  drain(graceMs?: number): Promise<void>;
}

const DISPOSE_GRACE_MS = 1_000;

/**
 * Starts provider-adapter. Storage need not be up: calls that need it answer UNAVAILABLE until it is. Rejects where an
 * address cannot be bound, an entry of the catalog is broken, or a provider instance is of an unknown type.
 */
export async function startProviderAdapter(
  config: ProviderAdapterConfig,
  overrides: ProviderAdapterOverrides = {},
): Promise<RunningService> {
  await using stack = new AsyncDisposableStack();
  const context = stack.use(await createContext(config, overrides));
  const server = stack.use(
    await serve({
      name: 'provider-adapter',
      address: config.PROVIDER_ADAPTER_GRPC_ADDR,
      registrations: registrations(context),
      descriptorSet: await descriptorSet(),
      log: context.log,
      metrics: context.metrics,
      authenticate: meshAuthenticator(context.identity),
    }),
  );
  if (config.PROVIDER_ADAPTER_METRICS_ADDR !== undefined) {
    context.metrics.collectProcess();
    stack.use(await serveMetrics(context.metrics, config.PROVIDER_ADAPTER_METRICS_ADDR));
  }
  const owned = stack.move();
  let drained: Promise<void> | undefined;
  const drain = async (graceMs: number) => {
    // Submissions outlive their calls, so both are waited for.
    await Promise.all([server.drain(graceMs), context.desk.drain(graceMs)]);
    await owned.disposeAsync();
  };
  const service: RunningService = {
    grpcPort: server.port,
    drain(graceMs = config.PROVIDER_ADAPTER_DRAIN_GRACE) {
      drained ??= drain(graceMs);
      return drained;
    },
    [Symbol.asyncDispose]: () => service.drain(DISPOSE_GRACE_MS),
  };
  return service;
}

/** The descriptors of the contract, for reflection. */
function descriptorSet(): Promise<Uint8Array> {
  return readFile(createRequire(import.meta.url).resolve('@atelier/protos/descriptor-set.binpb'));
}
