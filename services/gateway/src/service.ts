import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createLogger, type Logger, serveMetrics } from '@atelier/observability';
import { connectRoutes, type RpcServer, type ServerLimits, serve } from '@atelier/rpc';
import { type GatewayConfig, publicUrl } from './config.ts';
import { createContext, type GatewayContext, type GatewayOverrides } from './context.ts';
import { healthRoutes } from './http/health-routes.ts';
import { imageRoute } from './http/image-route.ts';
import { originGuard } from './http/origin-guard.ts';
import { Readiness } from './http/readiness.ts';
import { bindHttp, type HttpEdge } from './http/server.ts';
import { webhookRoute } from './http/webhook-route.ts';
import { readTls } from './tls.ts';

export { type GatewayConfig, loadGatewayConfig } from './config.ts';
export type { GatewayOverrides } from './context.ts';

/** The gateway while it runs. Disposing it drains for at most a second. */
export interface RunningService extends AsyncDisposable {
  readonly grpcPort: number;
  readonly httpPort: number;
  /** Refuses new calls, lets those in flight finish for so many milliseconds, leaves cycles to the next start, ends. */
  drain(graceMs?: number): Promise<void>;
}

const DISPOSE_GRACE_MS = 1_000;

/**
 * Starts the gateway: both ports, and the cycles that an earlier process did not end. The other services need not be
 * there yet. Rejects with `ConfigError`, or where an address cannot be bound.
 */
export async function startGateway(
  config: GatewayConfig,
  overrides: Partial<GatewayOverrides> = {},
): Promise<RunningService> {
  await using stack = new AsyncDisposableStack();
  const log = overrides.log ?? createLogger({ service: 'gateway', level: config.LOG_LEVEL });
  if (config.GATEWAY_AUTH === 'off') warnOpen(log);
  const tls = readTls(config);
  const http = stack.use(await bindHttp({ address: config.GATEWAY_HTTP_ADDR, tls, log }));
  const context = stack.use(await createContext(config, publicUrl(config, http.port), { ...overrides, log }));
  const readiness = new Readiness(context.mesh.channels);
  serveRoutes(http, config, context, readiness);
  const grpc = stack.use(
    await serve({
      name: 'gateway',
      address: config.GATEWAY_GRPC_ADDR,
      registrations: context.registrations,
      descriptorSet: await descriptorSet(),
      log,
      metrics: context.metrics,
      authenticate: context.authenticate,
      limits: limitsOf(config),
      tls,
    }),
  );
  if (config.GATEWAY_METRICS_ADDR !== undefined) {
    context.metrics.collectProcess();
    stack.use(await serveMetrics(context.metrics, config.GATEWAY_METRICS_ADDR));
  }
  context.begin();
  const owned = stack.move();
  return running(grpc, http, (graceMs) => end(graceMs, owned, context, readiness, grpc, http), config);
}

function serveRoutes(
  http: HttpEdge,
  config: GatewayConfig,
  context: GatewayContext,
  readiness: Readiness,
): void {
  const { log, metrics, authenticate, registrations, mesh } = context;
  http.serve({
    // A field that nobody knows is a mistake to be told, not to be passed over in silence.
    connect: connectRoutes(registrations, {
      log,
      metrics,
      authenticate,
      limits: limitsOf(config),
      jsonOptions: { ignoreUnknownFields: false },
    }),
    routes: [
      ...healthRoutes(readiness),
      imageRoute(mesh.clients.images, authenticate),
      webhookRoute(mesh.clients.adapter),
    ],
    guard: originGuard({
      allowedOrigins: config.GATEWAY_ALLOWED_ORIGINS,
      isOpen: config.GATEWAY_AUTH === 'off',
      publicUrl: publicUrl(config, http.port),
      port: http.port,
    }),
    isUnguarded: (path) => path === '/healthz' || path === '/readyz',
    log,
  });
}

function limitsOf(config: GatewayConfig): ServerLimits {
  return { maxConcurrentCalls: config.GATEWAY_MAX_CONCURRENT_CALLS };
}

async function end(
  graceMs: number,
  owned: AsyncDisposableStack,
  context: GatewayContext,
  readiness: Readiness,
  grpc: RpcServer,
  http: HttpEdge,
): Promise<void> {
  readiness.drain();
  await Promise.all([context.engine.drain(graceMs), grpc.drain(graceMs), http.drain(graceMs)]);
  await owned.disposeAsync();
}

function running(
  grpc: RpcServer,
  http: HttpEdge,
  drain: (graceMs: number) => Promise<void>,
  config: GatewayConfig,
): RunningService {
  let drained: Promise<void> | undefined;
  const service: RunningService = {
    grpcPort: grpc.port,
    httpPort: http.port,
    drain(graceMs = config.GATEWAY_DRAIN_GRACE) {
      drained ??= drain(graceMs);
      return drained;
    },
    [Symbol.asyncDispose]: () => service.drain(DISPOSE_GRACE_MS),
  };
  return service;
}

function warnOpen(log: Logger): void {
  log.warn(
    'GATEWAY_AUTH is off: everyone on this machine is the team teams/local with every scope. Never run it so for others',
  );
}

/** The descriptors of the contract, for reflection. */
function descriptorSet(): Promise<Uint8Array> {
  return readFile(createRequire(import.meta.url).resolve('@atelier/protos/descriptor-set.binpb'));
}
