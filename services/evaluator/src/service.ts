import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { serveMetrics } from '@atelier/observability';
import { type Authenticator, meshAuthenticator, serve } from '@atelier/rpc';
import type { EvaluatorConfig } from './config.ts';
import { createContext, type EvaluatorOverrides } from './context.ts';
import { registrations } from './handlers/registrations.ts';

export { type EvaluatorConfig, loadEvaluatorConfig } from './config.ts';
export type { EvaluatorOverrides } from './context.ts';

/** The evaluator while it runs. Disposing it drains for at most a second. */
export interface RunningService extends AsyncDisposable {
  readonly grpcPort: number;
  /** Readiness goes, calls in flight finish, what has not after so many milliseconds is cut off. */
  drain(graceMs?: number): Promise<void>;
}

/** What a start may be given beside the configuration. */
export interface EvaluatorStartOverrides extends EvaluatorOverrides {
  readonly authenticate?: Authenticator;
}

const DISPOSE_GRACE_MS = 1_000;

/** Starts the evaluator. Rejects where the address cannot be bound. */
export async function startEvaluator(
  config: EvaluatorConfig,
  overrides: EvaluatorStartOverrides = {},
): Promise<RunningService> {
  await using stack = new AsyncDisposableStack();
  const context = stack.use(createContext(config, overrides));
  const server = stack.use(
    await serve({
      name: 'evaluator',
      address: config.EVALUATOR_GRPC_ADDR,
      registrations: registrations(context),
      descriptorSet: await readFile(
        createRequire(import.meta.url).resolve('@atelier/protos/descriptor-set.binpb'),
      ),
      log: context.log,
      metrics: context.metrics,
      authenticate: overrides.authenticate ?? meshAuthenticator(context.identity),
    }),
  );
  if (config.EVALUATOR_METRICS_ADDR !== undefined) {
    context.metrics.collectProcess();
    stack.use(await serveMetrics(context.metrics, config.EVALUATOR_METRICS_ADDR));
  }
  const owned = stack.move();
  const drain = async (graceMs: number) => {
    await server.drain(graceMs);
    await owned.disposeAsync();
  };
  let drained: Promise<void> | undefined;
  const service: RunningService = {
    grpcPort: server.port,
    drain(graceMs = config.EVALUATOR_DRAIN_GRACE) {
      drained ??= drain(graceMs);
      return drained;
    },
    [Symbol.asyncDispose]: () => service.drain(DISPOSE_GRACE_MS),
  };
  return service;
}
