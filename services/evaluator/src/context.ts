import { resolve } from 'node:path';
import { type CallLimits, LocalLimits } from '@atelier/coordination';
import { VersionedLibrary } from '@atelier/documents';
import { type LanguageModel, openLanguageModel } from '@atelier/language-models';
import { createLogger, createMetrics, type Logger, type Metrics } from '@atelier/observability';
import {
  RubricContentSchema,
  RubricSchema,
  RubricVersionSchema,
} from '@atelier/protos/atelier/evaluation/v1/rubric_pb.ts';
import { DocumentService } from '@atelier/protos/atelier/storage/v1/document_service_pb.ts';
import { ImageService } from '@atelier/protos/atelier/storage/v1/image_service_pb.ts';
import { createClient, loadMeshIdentity, type MeshIdentity, openChannel } from '@atelier/rpc';
import type { EvaluatorConfig } from './config.ts';
import { Evaluator, type RubricLibrary } from './evaluation/evaluator.ts';
import { WorkQueue } from './evaluation/work-queue.ts';
import type { Judge } from './judges/judge.ts';
import { createPanel } from './judges/panel.ts';
import { openTemplateLibrary, type TemplateLibrary } from './template-library.ts';
import { judgeVariable, writerInstance } from './writer-instance.ts';

/** What handlers work with. */
export interface EvaluatorContext extends AsyncDisposable {
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly identity: MeshIdentity;
  readonly rubrics: RubricLibrary;
  readonly templates: TemplateLibrary;
  /** Who drafts questions; undefined where no language model is configured. */
  readonly writer: LanguageModel | undefined;
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

/** Joins the parts. The only place that names adapters. */
export function createContext(config: EvaluatorConfig, overrides: EvaluatorOverrides = {}): EvaluatorContext {
  const log = overrides.log ?? createLogger({ service: 'evaluator', level: config.LOG_LEVEL });
  const metrics = createMetrics('evaluator');
  const identity = loadMeshIdentity(config, resolve(config.ATELIER_DATA_DIR));
  const limits = new LocalLimits();
  const writer = openWriter(config, limits, log);
  const judges =
    overrides.judges ??
    createPanel({
      names: config.EVALUATOR_JUDGES,
      instances: config.judgeInstances,
      workers: config.EVALUATOR_WORKERS,
      log,
    });
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
    writer,
    judges,
    queue: new WorkQueue({
      concurrency: config.EVALUATOR_CONCURRENCY ?? 2 * config.EVALUATOR_WORKERS,
      maxWaiting: config.EVALUATOR_MAX_WAITING,
    }),
    evaluator: new Evaluator({ rubrics, images, judges }),
    async [Symbol.asyncDispose]() {
      await Promise.all(judges.map((judge) => judge[Symbol.asyncDispose]()));
      await limits[Symbol.asyncDispose]();
      storage.close();
    },
  };
}

/** The language model that drafts questions; undefined where none is configured. */
function openWriter(config: EvaluatorConfig, limits: CallLimits, log: Logger): LanguageModel | undefined {
  const { EVALUATOR_WRITER: named, EVALUATOR_JUDGES: judges, judgeInstances: instances } = config;
  const instance = writerInstance({ named, judges, instances });
  if (instance === undefined) return undefined;
  return openLanguageModel(instance, { limits, log, variable: judgeVariable(instance.name) });
}
