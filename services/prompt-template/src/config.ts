import { dataDir, durationMs, type Environment, hostPort, loadConfig } from '@atelier/config';
import { LOG_LEVELS } from '@atelier/observability';
import { maxConnectionAge, meshVariables } from '@atelier/rpc';
import { z } from 'zod';

const LOOPBACK = '127.0.0.1';

const schema = z.object({
  ...meshVariables,
  ATELIER_DATA_DIR: dataDir(),
  LOG_LEVEL: z.enum(LOG_LEVELS).default('info'),
  PROMPT_TEMPLATE_GRPC_ADDR: hostPort().default({ host: LOOPBACK, port: 50_052 }),
  PROMPT_TEMPLATE_METRICS_ADDR: hostPort().optional(),
  /** Where templates are kept, as a gRPC target. */
  STORAGE_URL: z.string().default(`${LOOPBACK}:50055`),
  /** Who writes prompts. */
  PROMPT_LLM: z
    .literal('rules', 'must be rules, the only prompt writer that is offered yet; language models come later')
    .default('rules'),
  /** How old connections may become before clients are asked to look for replicas again. */
  PROMPT_TEMPLATE_MAX_CONNECTION_AGE: maxConnectionAge(),
  /** How long calls in flight may still take after a signal to stop. */
  PROMPT_TEMPLATE_DRAIN_GRACE: durationMs().default(10_000),
});

/** The environment of prompt-template, checked. */
export type PromptTemplateConfig = z.output<typeof schema>;

/** Reads the configuration. Throws `ConfigError` with every problem at once. */
export function loadPromptTemplateConfig(env: Environment = process.env): PromptTemplateConfig {
  return loadConfig(schema, env);
}
