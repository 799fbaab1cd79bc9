import { resolve } from 'node:path';
import { type CallLimits, LocalLimits, openRedis, RedisLimits } from '@atelier/coordination';
import { VersionedLibrary } from '@atelier/documents';
import type { LanguageModel } from '@atelier/language-models';
import { createLogger, createMetrics, type Logger, type Metrics } from '@atelier/observability';
import {
  RubricContentSchema,
  RubricSchema,
  RubricVersionSchema,
} from '@atelier/protos/atelier/evaluation/v1/rubric_pb.ts';
import { DocumentService } from '@atelier/protos/atelier/storage/v1/document_service_pb.ts';
import { ImageService } from '@atelier/protos/atelier/storage/v1/image_service_pb.ts';
import { type Client, createClient, loadMeshIdentity, type MeshIdentity, openChannel } from '@atelier/rpc';
import type { EvaluatorConfig } from './config.ts';
import { Evaluator, type RubricLibrary } from './evaluation/evaluator.ts';
import { keepingJudge } from './evaluation/kept/keeping-judge.ts';
import type { KeptAnswers } from './evaluation/kept/kept-answers.ts';
import { MemoryAnswers } from './evaluation/kept/memory.ts';
import { RedisAnswers } from './evaluation/kept/redis.ts';
import { countingReplies, queueMetrics } from './evaluation/metrics.ts';
import { WorkQueue } from './evaluation/work-queue.ts';
import type { Judge } from './judges/judge.ts';
import { checkPanel, createPanel } from './judges/panel.ts';
import { openTemplateLibrary, type TemplateLibrary } from './template-library.ts';
import { openWriter, writerInstance } from './writer.ts';

/** What handlers work with. */
export interface EvaluatorContext extends AsyncDisposable {
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly identity: MeshIdentity;
  readonly rubrics: RubricLibrary;
  readonly templates: TemplateLibrary;
  /** Who drafts questions; undefined where no language model is configured. */
  readonly writer: LanguageModel | undefined;
  readonly images: Client<typeof ImageService>;
  readonly judges: readonly Judge[];
  readonly queue: WorkQueue;
  readonly evaluator: Evaluator;
}

/** What tests replace. */
export interface EvaluatorOverrides {
  readonly log?: Logger;
  readonly now?: () => Date;
  /** Judges in place of those that are configured. */
  readonly judges?: readonly Judge[];
}

/** Evaluations at once where vision models judge: they wait for the network, and hold an image or two meanwhile. */
const CONCURRENCY_OF_VISION = 32;

/** After how many milliseconds the place of a replica that died, among the calls to a judge, is free. */
const PLACE_LIFETIME_MS = 10_000;

/** Joins the parts. The only place that names adapters. */
export function createContext(config: EvaluatorConfig, overrides: EvaluatorOverrides = {}): EvaluatorContext {
  const log = overrides.log ?? createLogger({ service: 'evaluator', level: config.LOG_LEVEL });
  const metrics = createMetrics('evaluator');
  const identity = loadMeshIdentity(config, resolve(config.ATELIER_DATA_DIR));
  const named = { names: config.EVALUATOR_JUDGES, instances: config.judgeInstances };
  // Before anything is opened that would have to be closed again.
  if (overrides.judges === undefined) checkPanel(named);
  const writer = writerInstance({ ...named, writer: config.EVALUATOR_WRITER });
  const coordination = coordinate(config, log);
  const { limits, kept } = coordination;
  const panel = overrides.judges ?? createPanel({ ...named, workers: config.EVALUATOR_WORKERS, limits, log });
  const counted = countingReplies(metrics);
  // What is measured costs nothing, and is measured again.
  const judges = panel.map((judge) => counted(judge.capabilities.vision ? keepingJudge(judge, kept) : judge));
  const queue = new WorkQueue({
    concurrency: config.EVALUATOR_CONCURRENCY ?? usualConcurrency(config, judges),
    maxWaiting: config.EVALUATOR_MAX_WAITING,
  });
  queueMetrics(metrics, queue);
  const storage = openChannel(config.STORAGE_URL, {
    services: [DocumentService, ImageService],
    credential: identity.credential,
    metrics,
  });
  const documents = createClient(DocumentService, storage);
  const rubrics: RubricLibrary = new VersionedLibrary({
    client: documents,
    prefix: 'rubrics',
    versionCollection: 'rubric-versions',
    header: RubricSchema,
    version: RubricVersionSchema,
    content: RubricContentSchema,
    now: overrides.now,
  });
  const images = createClient(ImageService, storage);
  return {
    log,
    metrics,
    identity,
    rubrics,
    templates: openTemplateLibrary(documents),
    writer: writer === undefined ? undefined : openWriter(writer, { limits, log }),
    images,
    judges,
    queue,
    evaluator: new Evaluator({ rubrics, images, judges }),
    async [Symbol.asyncDispose]() {
      await Promise.all(judges.map((judge) => judge[Symbol.asyncDispose]()));
      await coordination[Symbol.asyncDispose]();
      storage.close();
    },
  };
}

function usualConcurrency({ EVALUATOR_WORKERS: workers }: EvaluatorConfig, judges: readonly Judge[]): number {
  const hasVision = judges.some(({ capabilities }) => capabilities.vision);
  return hasVision ? Math.max(CONCURRENCY_OF_VISION, 2 * workers) : 2 * workers;
}

/** Where the bounds of judges are counted and answers are kept: in this process, or in Redis for all replicas. */
interface Coordination extends AsyncDisposable {
  readonly limits: CallLimits;
  readonly kept: KeptAnswers;
}

function coordinate(config: EvaluatorConfig, log: Logger): Coordination {
  const { REDIS_URL: url, EVALUATOR_ANSWERS_LIFETIME: lifetimeMs } = config;
  const stack = new AsyncDisposableStack();
  const dispose = { [Symbol.asyncDispose]: () => stack.disposeAsync() };
  if (url === undefined) {
    return { limits: stack.use(new LocalLimits()), kept: new MemoryAnswers(lifetimeMs), ...dispose };
  }
  const redis = stack.use(openRedis(url, (err) => log.warn({ err }, 'the connection to Redis is broken')));
  const limits = stack.use(new RedisLimits(redis, 'evaluator', PLACE_LIFETIME_MS));
  return { limits, kept: new RedisAnswers(redis, lifetimeMs, log), ...dispose };
}
