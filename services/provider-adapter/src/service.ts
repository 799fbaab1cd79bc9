import { meshAuthenticator } from '@atelier/rpc';
import { type RunningService, runService } from '@atelier/service';
import type { ProviderAdapterConfig } from './config.ts';
import { createContext, type ProviderAdapterOverrides } from './context.ts';
import { registrations } from './handlers/registrations.ts';

export type { RunningService } from '@atelier/service';
export { loadProviderAdapterConfig, type ProviderAdapterConfig } from './config.ts';
export type { ProviderAdapterOverrides } from './context.ts';

/** Starts provider-adapter. Storage need not be up: calls that need it answer UNAVAILABLE until it is. Rejects where an
 * address cannot be bound, an entry of the catalog is broken, or a provider instance is of an unknown type.
 */
export async function startProviderAdapter(
  config: ProviderAdapterConfig,
  overrides: ProviderAdapterOverrides = {},
): Promise<RunningService> {
  await using stack = new AsyncDisposableStack();
  const context = stack.use(await createContext(config, overrides));
  return runService({
    name: 'provider-adapter',
    address: config.PROVIDER_ADAPTER_GRPC_ADDR,
    registrations: registrations(context),
    log: context.log,
    metrics: context.metrics,
    authenticate: meshAuthenticator(context.identity),
    metricsAddress: config.PROVIDER_ADAPTER_METRICS_ADDR,
    maxConnectionAgeMs: config.PROVIDER_ADAPTER_MAX_CONNECTION_AGE,
    drainGraceMs: config.PROVIDER_ADAPTER_DRAIN_GRACE,
    // Submissions outlive their calls, so both are waited for.
    drainBeside: (graceMs) => context.desk.drain(graceMs),
    owned: stack.move(),
  });
}
