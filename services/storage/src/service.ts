import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { serveMetrics } from '@atelier/observability';
import { type Authenticator, loadMeshIdentity, meshAuthenticator, serve } from '@atelier/rpc';
import type { StorageConfig } from './config.ts';
import { createContext, type StorageOverrides } from './context.ts';
import { registrations } from './handlers/registrations.ts';

export { loadStorageConfig, type StorageConfig } from './config.ts';
export type { StorageOverrides } from './context.ts';

/** Storage while it runs. Disposing it drains for at most a second. */
export interface RunningService extends AsyncDisposable {
  readonly grpcPort: number;
  /** Port of the signed URLs. */
  readonly httpPort: number;
  /** Readiness goes, calls and transfers in flight finish, what has not after so many milliseconds is cut off. */
  drain(graceMs?: number): Promise<void>;
}

/** What a start may be given beside the configuration. */
export interface StorageStartOverrides extends StorageOverrides {
  readonly authenticate?: Authenticator;
}

const DISPOSE_GRACE_MS = 1_000;

/** Starts storage. Rejects where an address cannot be bound or the data directory cannot be used. */
export async function startStorage(
  config: StorageConfig,
  overrides: StorageStartOverrides = {},
): Promise<RunningService> {
  await using stack = new AsyncDisposableStack();
  const context = stack.use(await createContext(config, overrides));
  const server = stack.use(
    await serve({
      name: 'storage',
      address: config.STORAGE_GRPC_ADDR,
      registrations: registrations(context),
      descriptorSet: await descriptorSet(),
      log: context.log,
      metrics: context.metrics,
      authenticate: overrides.authenticate ?? authenticator(config),
    }),
  );
  if (config.STORAGE_METRICS_ADDR !== undefined) {
    context.metrics.collectProcess();
    stack.use(await serveMetrics(context.metrics, config.STORAGE_METRICS_ADDR));
  }
  const owned = stack.move();
  const drain = async (graceMs: number) => {
    await Promise.all([server.drain(graceMs), context.blobServer.drain(graceMs)]);
    await owned.disposeAsync();
  };
  let drained: Promise<void> | undefined;
  const service: RunningService = {
    grpcPort: server.port,
    httpPort: context.blobServer.port,
    drain(graceMs = config.STORAGE_DRAIN_GRACE) {
      drained ??= drain(graceMs);
      return drained;
    },
    [Symbol.asyncDispose]: () => service.drain(DISPOSE_GRACE_MS),
  };
  return service;
}

function authenticator(config: StorageConfig): Authenticator {
  return meshAuthenticator(loadMeshIdentity(config, resolve(config.ATELIER_DATA_DIR)));
}

/** The descriptors of the contract, for reflection. */
function descriptorSet(): Promise<Uint8Array> {
  return readFile(createRequire(import.meta.url).resolve('@atelier/protos/descriptor-set.binpb'));
}
