import { availableParallelism } from 'node:os';
import {
  dataDir,
  durationMs,
  type Environment,
  hostPort,
  type Instance,
  instances,
  integer,
  list,
  loadConfig,
} from '@atelier/config';
import { LOG_LEVELS } from '@atelier/observability';
import { maxConnectionAge, meshVariables } from '@atelier/rpc';
import { z } from 'zod';

const LOOPBACK = '127.0.0.1';

const schema = z.object({
  ...meshVariables,
  ATELIER_DATA_DIR: dataDir(),
  LOG_LEVEL: z.enum(LOG_LEVELS).default('info'),
  EVALUATOR_GRPC_ADDR: hostPort().default({ host: LOOPBACK, port: 50_054 }),
  EVALUATOR_METRICS_ADDR: hostPort().optional(),
  STORAGE_URL: z.string().default(`${LOOPBACK}:50055`),
  /** Where replicas share the bounds of their judges and the answers that they keep; unset means one replica. */
  REDIS_URL: z.url({ protocol: /^rediss?$/ }).optional(),
  /** Judges that are asked, in this order; each is an instance, described by `JUDGE_<INSTANCE>_*`. */
  EVALUATOR_JUDGES: list().default(['builtin']),
  /** The instance whose language model drafts questions; default the first that is one. */
  EVALUATOR_WRITER: z.string().toLowerCase().optional(),
  /** Threads that measure pixels and read text; default one less than there are processors. */
  EVALUATOR_WORKERS: integer(1, 256).default(Math.max(1, availableParallelism() - 1)),
  /**
   * Evaluations at once. The default is 32 where a vision model judges, since then an evaluation mostly waits for an answer
   * over the network; else twice the threads, so that one image is fetched while another is measured.
   */
  EVALUATOR_CONCURRENCY: integer(1, 4_096).optional(),
  /** Evaluations that may wait, beyond which callers are sent away for a moment. */
  EVALUATOR_MAX_WAITING: integer(0, 100_000).default(256),
  /** How long the answers of vision models are kept. */
  EVALUATOR_ANSWERS_LIFETIME: durationMs().default(7 * 86_400_000),
  /** How old connections may become before clients are asked to look for replicas again. */
  EVALUATOR_MAX_CONNECTION_AGE: maxConnectionAge(),
  /** How long calls in flight may still take after a signal to stop. */
  EVALUATOR_DRAIN_GRACE: durationMs().default(20_000),
});

/** The environment of the evaluator, checked. */
export type EvaluatorConfig = z.output<typeof schema> & {
  readonly judgeInstances: ReadonlyMap<string, Instance>;
};

/** Reads the configuration. Throws `ConfigError` with every problem at once. */
export function loadEvaluatorConfig(env: Environment = process.env): EvaluatorConfig {
  return { ...loadConfig(schema, env), judgeInstances: instances(env, 'JUDGE') };
}
