import { resolve } from 'node:path';
import { type Authenticator, loadMeshIdentity, meshAuthenticator } from '@atelier/rpc';
import { type RunningService, runService } from '@atelier/service';
import type { StorageConfig } from './config.ts';
import { createContext, type StorageOverrides } from './context.ts';
import { registrations } from './handlers/registrations.ts';

export type { RunningService } from '@atelier/service';
export { loadStorageConfig, type StorageConfig } from './config.ts';
export type { StorageOverrides } from './context.ts';

/** What a start may be given beside the configuration. */
export interface StorageStartOverrides extends StorageOverrides {
  readonly authenticate?: Authenticator;
}

/** Starts storage. Rejects where an address cannot be bound or the data directory cannot be used.  */
export async function startStorage(
  config: StorageConfig,
  overrides: StorageStartOverrides = {},
): Promise<RunningService> {
  await using stack = new AsyncDisposableStack();
  const context = stack.use(await createContext(config, overrides));
  return runService({
    name: 'storage',
    address: config.STORAGE_GRPC_ADDR,
    registrations: registrations(context),
    log: context.log,
    metrics: context.metrics,
    authenticate:
      overrides.authenticate ?? meshAuthenticator(loadMeshIdentity(config, resolve(config.ATELIER_DATA_DIR))),
    metricsAddress: config.STORAGE_METRICS_ADDR,
    maxConnectionAgeMs: config.STORAGE_MAX_CONNECTION_AGE,
    drainGraceMs: config.STORAGE_DRAIN_GRACE,
    drainBeside: (graceMs) => context.blobServer.drain(graceMs),
    httpPort: context.blobServer.port,
    owned: stack.move(),
  });
}
