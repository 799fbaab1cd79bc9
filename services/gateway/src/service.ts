import { createLogger, type Logger } from '@atelier/observability';
import { connectRoutes, type ServerLimits } from '@atelier/rpc';
import { type RunningService, runService } from '@atelier/service';
import { type GatewayConfig, publicUrl } from './config.ts';
import { createContext, type GatewayContext, type GatewayOverrides } from './context.ts';
import { healthRoutes } from './http/health-routes.ts';
import { imageRoute } from './http/image-route.ts';
import { originGuard } from './http/origin-guard.ts';
import { Readiness } from './http/readiness.ts';
import { bindHttp, type HttpEdge } from './http/server.ts';
import { webhookRoute } from './http/webhook-route.ts';
import { readTls } from './tls.ts';

export type { RunningService } from '@atelier/service';
export { type GatewayConfig, loadGatewayConfig } from './config.ts';
export type { GatewayOverrides } from './context.ts';

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
  const service = await runService({
    name: 'gateway',
    address: config.GATEWAY_GRPC_ADDR,
    registrations: context.registrations,
    log,
    metrics: context.metrics,
    authenticate: context.authenticate,
    limits: limitsOf(config),
    tls,
    metricsAddress: config.GATEWAY_METRICS_ADDR,
    httpPort: http.port,
    maxConnectionAgeMs: config.GATEWAY_MAX_CONNECTION_AGE,
    drainGraceMs: config.GATEWAY_DRAIN_GRACE,
    drainBeside: async (graceMs) => {
      readiness.drain();
      await Promise.all([context.engine.drain(graceMs), http.drain(graceMs)]);
    },
    owned: stack.move(),
  });
  context.begin();
  return service;
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

function warnOpen(log: Logger): void {
  log.warn(
    'GATEWAY_AUTH is off: everyone on this machine is the team teams/local with every scope. Never run it so for others',
  );
}
