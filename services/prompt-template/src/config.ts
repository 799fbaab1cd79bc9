import {
  ConfigError,
  type ConfigProblem,
  dataDir,
  durationMs,
  type Environment,
  hostPort,
  type Instance,
  loadConfig,
} from '@atelier/config';
import { LOG_LEVELS } from '@atelier/observability';
import { maxConnectionAge, meshVariables } from '@atelier/rpc';
import { z } from 'zod';
import { readPromptModel } from './prompt-model.ts';

const LOOPBACK = '127.0.0.1';

const schema = z.object({
  ...meshVariables,
  ATELIER_DATA_DIR: dataDir(),
  LOG_LEVEL: z.enum(LOG_LEVELS).default('info'),
  PROMPT_TEMPLATE_GRPC_ADDR: hostPort().default({ host: LOOPBACK, port: 50_052 }),
  PROMPT_TEMPLATE_METRICS_ADDR: hostPort().optional(),
  /** Where templates are kept, as a gRPC target. */
  STORAGE_URL: z.string().default(`${LOOPBACK}:50055`),
  /** Where replicas share the bounds of the language model, such as redis://host:6379. Without it each has its own. */
  REDIS_URL: z.url({ protocol: /^rediss?$/ }).optional(),
  /** How old connections may become before clients are asked to look for replicas again. */
  PROMPT_TEMPLATE_MAX_CONNECTION_AGE: maxConnectionAge(),
  /** How long calls in flight may still take after a signal to stop. */
  PROMPT_TEMPLATE_DRAIN_GRACE: durationMs().default(10_000),
});

/** The environment of prompt-template, checked. */
export type PromptTemplateConfig = z.output<typeof schema> & {
  /** The language model that writes prompts; undefined where rules do. */
  readonly promptModel: Instance | undefined;
};

/** Reads the configuration. Throws `ConfigError` with every problem at once. */
export function loadPromptTemplateConfig(env: Environment = process.env): PromptTemplateConfig {
  const { promptModel, problems } = readPromptModel(env);
  const config = attempt(() => loadConfig(schema, env));
  if (config.problems !== undefined || problems.length > 0) {
    throw new ConfigError([...(config.problems ?? []), ...problems]);
  }
  return { ...config.value, promptModel };
}

function attempt<T>(
  load: () => T,
):
  | { readonly value: T; readonly problems?: undefined }
  | { readonly problems: readonly ConfigProblem[]; readonly value?: undefined } {
  try {
    return { value: load() };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { problems: error.problems };
  }
}
