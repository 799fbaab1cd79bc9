import {
  dataDir,
  durationMs,
  type Environment,
  hostPort,
  integer,
  loadConfig,
  secret,
} from '@atelier/config';
import { LOG_LEVELS } from '@atelier/observability';
import { maxConnectionAge, meshVariables } from '@atelier/rpc';
import { z } from 'zod';

const LOOPBACK = '127.0.0.1';

/** An address that others put paths behind, without the slash at its end. */
const baseUrl = () => z.url({ protocol: /^https?$/ }).transform((url) => url.replace(/\/+$/, ''));

const schema = z.object({
  ...meshVariables,
  ATELIER_DATA_DIR: dataDir(),
  LOG_LEVEL: z.enum(LOG_LEVELS).default('info'),
  STORAGE_GRPC_ADDR: hostPort().default({ host: LOOPBACK, port: 50_055 }),
  /** Where signed URLs of the local store are served. */
  STORAGE_HTTP_ADDR: hostPort().default({ host: LOOPBACK, port: 8_085 }),
  STORAGE_METRICS_ADDR: hostPort().optional(),
  /** Start of signed URLs for the other services; default the HTTP port at the host on which it listens. */
  STORAGE_INTERNAL_URL: baseUrl().optional(),
  /** Start of signed URLs for callers outside; default the HTTP port on loopback. */
  STORAGE_PUBLIC_URL: baseUrl().optional(),
  /** Start of the stable addresses of images. */
  GATEWAY_PUBLIC_URL: baseUrl().default(`http://${LOOPBACK}:8080`),
  STORAGE_BLOBS: z.literal('fs', 'must be fs, the only object store that is offered yet').default('fs'),
  STORAGE_WAREHOUSE: z
    .literal('duckdb', 'must be duckdb, the only warehouse that is offered yet')
    .default('duckdb'),
  /** Key of the signed URLs; default one that is made once and kept in the data directory. */
  STORAGE_SIGNING_KEY: secret().optional(),
  /** Pixels of one image, beyond which it is refused unread: a guard against decompression bombs. */
  STORAGE_MAX_PIXELS: integer(1).default(100_000_000),
  /** How long an upload may take from its reservation to the end of its bytes. */
  STORAGE_UPLOAD_LIFETIME: durationMs().default(900_000),
  /** How old connections may become before clients are asked to look for replicas again. */
  STORAGE_MAX_CONNECTION_AGE: maxConnectionAge(),
  /** How long calls and transfers in flight may still take after a signal to stop. */
  STORAGE_DRAIN_GRACE: durationMs().default(10_000),
});

/** The environment of storage, checked. */
export type StorageConfig = z.output<typeof schema>;

/** Reads the configuration. Throws `ConfigError` with every problem at once. */
export function loadStorageConfig(env: Environment = process.env): StorageConfig {
  return loadConfig(schema, env);
}
