import {
  dataDir,
  durationMs,
  type Environment,
  formatHostPort,
  type HostPort,
  hostPort,
  integer,
  isLoopback,
  loadConfig,
  origins,
} from '@atelier/config';
import { LOG_LEVELS } from '@atelier/observability';
import { maxConnectionAge, meshVariables } from '@atelier/rpc';
import { z } from 'zod';

/** Where to listen and what to call on one machine, where nothing else is said. */
const LOOPBACK = '127.0.0.1';

const shape = z.object({
  ...meshVariables,
  ATELIER_DATA_DIR: dataDir(),
  LOG_LEVEL: z.enum(LOG_LEVELS).default('info'),
  GATEWAY_GRPC_ADDR: hostPort().default({ host: LOOPBACK, port: 50_051 }),
  GATEWAY_HTTP_ADDR: hostPort().default({ host: LOOPBACK, port: 8_080 }),
  GATEWAY_METRICS_ADDR: hostPort().optional(),
  /** Address by which callers reach the HTTP port; default the listening address. */
  GATEWAY_PUBLIC_URL: z.url({ protocol: /^https?$/ }).optional(),
  GATEWAY_AUTH: z.enum(['off', 'api-key', 'mtls']).default('off'),
  /** YAML file with keys that are there from the start. */
  GATEWAY_API_KEYS_FILE: z.string().optional(),
  /** Web origins whose pages may call; none by default. */
  GATEWAY_ALLOWED_ORIGINS: origins().default([]),
  /** Paths of PEM files. */
  GATEWAY_TLS_CERT: z.string().optional(),
  GATEWAY_TLS_KEY: z.string().optional(),
  /** Says that something in front of the gateway speaks TLS, so that it may listen in plaintext beyond loopback. */
  TLS: z.literal('terminated').optional(),
  PROMPT_TEMPLATE_URL: z.string().default(`${LOOPBACK}:50052`),
  PROVIDER_ADAPTER_URL: z.string().default(`${LOOPBACK}:50053`),
  EVALUATOR_URL: z.string().default(`${LOOPBACK}:50054`),
  STORAGE_URL: z.string().default(`${LOOPBACK}:50055`),
  /** What a round of a model without a price is taken to cost; without it such a model is refused under a hard budget. */
  GATEWAY_PRICE_CEILING_MICRO_USD: integer(0).optional(),
  /** Cycles that run at once; others wait their turn. */
  GATEWAY_MAX_RUNNING_GENERATIONS: integer(1, 10_000).default(16),
  /** Calls in flight on each port, beyond which new ones are refused as overload. */
  GATEWAY_MAX_CONCURRENT_CALLS: integer(1).default(2_000),
  /**
   * How old connections may become before clients are asked to look for replicas again. Longer than inside the mesh: callers
   * outside keep calls open for minutes, and not every client lets them end well over a connection that ends.
   */
  GATEWAY_MAX_CONNECTION_AGE: maxConnectionAge(300_000),
  /** How long calls in flight may still take after a signal to stop. */
  GATEWAY_DRAIN_GRACE: durationMs().default(10_000),
});

const schema = shape.superRefine((config, context) => {
  const problem = (variable: keyof typeof config, message: string) =>
    context.addIssue({ code: 'custom', path: [variable], message });
  const open = (['GATEWAY_GRPC_ADDR', 'GATEWAY_HTTP_ADDR'] as const).filter(
    (variable) => !isLoopback(config[variable].host),
  );
  if (config.GATEWAY_AUTH === 'mtls') {
    problem('GATEWAY_AUTH', 'mtls is not offered yet: use api-key, or off on loopback');
  }
  if (config.GATEWAY_AUTH === 'off') {
    for (const variable of open) problem(variable, 'must be a loopback address while GATEWAY_AUTH is off');
  }
  if ((config.GATEWAY_TLS_CERT === undefined) !== (config.GATEWAY_TLS_KEY === undefined)) {
    problem('GATEWAY_TLS_CERT', 'GATEWAY_TLS_CERT and GATEWAY_TLS_KEY belong together');
  }
  if (config.GATEWAY_TLS_CERT === undefined && config.TLS !== 'terminated') {
    for (const variable of open) {
      problem(
        variable,
        'beyond loopback needs GATEWAY_TLS_CERT and GATEWAY_TLS_KEY, or TLS=terminated where a proxy speaks TLS',
      );
    }
  }
});

/** The environment of the gateway, checked. */
export type GatewayConfig = z.output<typeof schema>;

/** Reads the configuration. Throws `ConfigError` with every problem at once. */
export function loadGatewayConfig(env: Environment = process.env): GatewayConfig {
  return loadConfig(schema, env);
}

/** Address by which callers reach the HTTP port, without a slash at its end. */
export function publicUrl(config: GatewayConfig, boundPort = config.GATEWAY_HTTP_ADDR.port): string {
  if (config.GATEWAY_PUBLIC_URL !== undefined) return config.GATEWAY_PUBLIC_URL.replace(/\/+$/, '');
  const scheme = config.GATEWAY_TLS_CERT === undefined ? 'http' : 'https';
  return `${scheme}://${formatHostPort(reachable({ ...config.GATEWAY_HTTP_ADDR, port: boundPort }))}`;
}

/** An address that listens everywhere is reached on this machine by loopback. */
function reachable(address: HostPort): HostPort {
  const isEverywhere = address.host === '0.0.0.0' || address.host === '::';
  return isEverywhere ? { ...address, host: LOOPBACK } : address;
}
