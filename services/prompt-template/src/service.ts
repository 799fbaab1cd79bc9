import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { serveMetrics } from '@atelier/observability';
import { meshAuthenticator, serve } from '@atelier/rpc';
import type { PromptTemplateConfig } from './config.ts';
import { createContext, type PromptTemplateOverrides } from './context.ts';
import { registrations } from './handlers/registrations.ts';

export { loadPromptTemplateConfig, type PromptTemplateConfig } from './config.ts';
export type { PromptTemplateOverrides } from './context.ts';

/** Prompt-template while it runs. Disposing it drains for at most a second. */
export interface RunningService extends AsyncDisposable {
  readonly grpcPort: number;
  /** Readiness goes, calls in flight finish, what has not after so many milliseconds is cut off. */
  drain(graceMs?: number): Promise<void>;
}

const DISPOSE_GRACE_MS = 1_000;

/**
 * Starts prompt-template. Storage need not be up: calls answer UNAVAILABLE until it is. Rejects where an address cannot
 * be bound or the identity of the mesh cannot be read.
 */
export async function startPromptTemplate(
  config: PromptTemplateConfig,
  overrides: PromptTemplateOverrides = {},
): Promise<RunningService> {
  await using stack = new AsyncDisposableStack();
  const context = stack.use(createContext(config, overrides));
  const server = stack.use(
    await serve({
      name: 'prompt-template',
      address: config.PROMPT_TEMPLATE_GRPC_ADDR,
      registrations: registrations(context),
      descriptorSet: await descriptorSet(),
      log: context.log,
      metrics: context.metrics,
      authenticate: meshAuthenticator(context.identity),
    }),
  );
  if (config.PROMPT_TEMPLATE_METRICS_ADDR !== undefined) {
    context.metrics.collectProcess();
    stack.use(await serveMetrics(context.metrics, config.PROMPT_TEMPLATE_METRICS_ADDR));
  }
  const owned = stack.move();
  let drained: Promise<void> | undefined;
  const drain = async (graceMs: number) => {
    await server.drain(graceMs);
    await owned.disposeAsync();
  };
  const service: RunningService = {
    grpcPort: server.port,
    drain(graceMs = config.PROMPT_TEMPLATE_DRAIN_GRACE) {
      drained ??= drain(graceMs);
      return drained;
    },
    [Symbol.asyncDispose]: () => service.drain(DISPOSE_GRACE_MS),
  };
  return service;
}

/** The descriptors of the contract, for reflection. */
function descriptorSet(): Promise<Uint8Array> {
  return readFile(createRequire(import.meta.url).resolve('@atelier/protos/descriptor-set.binpb'));
}
