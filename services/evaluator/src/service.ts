import { type Authenticator, meshAuthenticator } from '@atelier/rpc';
import { type RunningService, runService } from '@atelier/service';
import type { EvaluatorConfig } from './config.ts';
import { createContext, type EvaluatorOverrides } from './context.ts';
import { registrations } from './handlers/registrations.ts';

export type { RunningService } from '@atelier/service';
export { type EvaluatorConfig, loadEvaluatorConfig } from './config.ts';
export type { EvaluatorOverrides } from './context.ts';

/** What a start may be given beside the configuration. */
export interface EvaluatorStartOverrides extends EvaluatorOverrides {
  readonly authenticate?: Authenticator;
}

/** Starts the evaluator. Rejects where the address cannot be bound.  */
export async function startEvaluator(
  config: EvaluatorConfig,
  overrides: EvaluatorStartOverrides = {},
): Promise<RunningService> {
  await using stack = new AsyncDisposableStack();
  const context = stack.use(createContext(config, overrides));
  return runService({
    name: 'evaluator',
    address: config.EVALUATOR_GRPC_ADDR,
    registrations: registrations(context),
    log: context.log,
    metrics: context.metrics,
    authenticate: overrides.authenticate ?? meshAuthenticator(context.identity),
    metricsAddress: config.EVALUATOR_METRICS_ADDR,
    maxConnectionAgeMs: config.EVALUATOR_MAX_CONNECTION_AGE,
    drainGraceMs: config.EVALUATOR_DRAIN_GRACE,
    owned: stack.move(),
  });
}
