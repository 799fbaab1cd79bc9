import { meshAuthenticator } from '@atelier/rpc';
import { type RunningService, runService } from '@atelier/service';
import type { PromptTemplateConfig } from './config.ts';
import { createContext, type PromptTemplateOverrides } from './context.ts';
import { registrations } from './handlers/registrations.ts';

export type { RunningService } from '@atelier/service';
export { loadPromptTemplateConfig, type PromptTemplateConfig } from './config.ts';
export type { PromptTemplateOverrides } from './context.ts';

/** Starts prompt-template. Storage need not be up: calls answer UNAVAILABLE until it is. Rejects where an address cannot be bound
 * or the identity of the mesh cannot be read.
 */
export async function startPromptTemplate(
  config: PromptTemplateConfig,
  overrides: PromptTemplateOverrides = {},
): Promise<RunningService> {
  await using stack = new AsyncDisposableStack();
  const context = stack.use(createContext(config, overrides));
  return runService({
    name: 'prompt-template',
    address: config.PROMPT_TEMPLATE_GRPC_ADDR,
    registrations: registrations(context),
    log: context.log,
    metrics: context.metrics,
    authenticate: meshAuthenticator(context.identity),
    metricsAddress: config.PROMPT_TEMPLATE_METRICS_ADDR,
    maxConnectionAgeMs: config.PROMPT_TEMPLATE_MAX_CONNECTION_AGE,
    drainGraceMs: config.PROMPT_TEMPLATE_DRAIN_GRACE,
    owned: stack.move(),
  });
}
