import {
  bool,
  dataDir,
  durationMs,
  type Environment,
  hostPort,
  type Instance,
  instances,
  integer,
  loadConfig,
  origins,
} from '@atelier/config';
import { LOG_LEVELS } from '@atelier/observability';
import { maxConnectionAge, meshVariables } from '@atelier/rpc';
import { z } from 'zod';
import { INSTANCE_FIELDS } from './providers/instance-fields.ts';

const LOOPBACK = '127.0.0.1';

const schema = z.object({
  ...meshVariables,
  ATELIER_DATA_DIR: dataDir(),
  LOG_LEVEL: z.enum(LOG_LEVELS).default('info'),
  PROVIDER_ADAPTER_GRPC_ADDR: hostPort().default({ host: LOOPBACK, port: 50_053 }),
  PROVIDER_ADAPTER_METRICS_ADDR: hostPort().optional(),
  /** Where images and registered models are kept, as a gRPC target. */
  STORAGE_URL: z.string().default(`${LOOPBACK}:50055`),
  /** Where replicas coordinate, such as redis://host:6379. Without it there may be one replica alone. */
  REDIS_URL: z.url({ protocol: /^rediss?$/ }).optional(),
  /** After how long the submissions of a replica that died go over to another. Only with Redis. */
  PROVIDER_ADAPTER_LEASE: durationMs().default(10_000),
  /** Whether the models with fixed behaviours are there. */
  PROVIDER_SANDBOX_ENABLED: bool().default(true),
  /** Where the gateway can be reached from outside; providers send their webhooks there. Without it, jobs are polled. */
  GATEWAY_PUBLIC_URL: z.url({ protocol: /^https?$/ }).optional(),
  /** Exact origins that reference images may come from although they are private. */
  FETCH_ALLOWED_ORIGINS: origins().default([]),
  /** Most bytes of a reference image that is fetched from outside. */
  FETCH_MAX_BYTES: integer(1).default(33_554_432),
  /** How long fetching a reference image may take. */
  FETCH_TIMEOUT: durationMs().default(30_000),
  /** How long a finished submission is remembered: longer than any caller repeats a call. */
  PROVIDER_ADAPTER_JOURNAL_LIFETIME: durationMs().default(30 * 24 * 3_600_000),
  /** How old connections may become before clients are asked to look for replicas again. */
  PROVIDER_ADAPTER_MAX_CONNECTION_AGE: maxConnectionAge(),
  /** How long calls and submissions in flight may still take after a signal to stop. */
  PROVIDER_ADAPTER_DRAIN_GRACE: durationMs().default(10_000),
});

/** The environment of provider-adapter, checked. */
export type ProviderAdapterConfig = z.output<typeof schema> & {
  /** The provider instances that `PROVIDER_<INSTANCE>_*` variables name. */
  readonly instances: ReadonlyMap<string, Instance>;
};

/** Reads the configuration. Throws `ConfigError` with every problem at once. */
export function loadProviderAdapterConfig(env: Environment = process.env): ProviderAdapterConfig {
  return { ...loadConfig(schema, env), instances: instances(env, 'PROVIDER', INSTANCE_FIELDS) };
}
