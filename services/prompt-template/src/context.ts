import { resolve } from 'node:path';
import type { Instance } from '@atelier/config';
import { type CallLimits, LocalLimits, openRedis, RedisLimits } from '@atelier/coordination';
import { openLanguageModel } from '@atelier/language-models';
import { createLogger, createMetrics, type Logger, type Metrics } from '@atelier/observability';
import { DocumentService } from '@atelier/protos/atelier/storage/v1/document_service_pb.ts';
import { createClient, loadMeshIdentity, type MeshIdentity, openChannel } from '@atelier/rpc';
import type { PromptTemplateConfig } from './config.ts';
import { PROMPT_MODEL } from './prompt-model.ts';
import { openTemplateLibrary, type TemplateLibrary, TemplateSource } from './template-source.ts';
import { languageWriter } from './writers/language/language-writer.ts';
import { askMetrics } from './writers/language/metrics.ts';
import type { PromptWriter } from './writers/prompt-writer.ts';
import { rulesWriter } from './writers/rules-writer.ts';

/** What handlers work with. */
export interface PromptTemplateContext extends AsyncDisposable {
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly identity: MeshIdentity;
  readonly library: TemplateLibrary;
  readonly templates: TemplateSource;
  readonly writer: PromptWriter;
}

/** What tests replace. */
export interface PromptTemplateOverrides {
  readonly log?: Logger;
  readonly now?: () => Date;
  readonly writer?: PromptWriter;
}

/** The place that a replica has among the requests to the model is free so long after it died, in milliseconds. */
const PLACE_LIFETIME_MS = 10_000;

/** Joins the parts. The only place that names adapters. */
export function createContext(
  config: PromptTemplateConfig,
  overrides: PromptTemplateOverrides = {},
): PromptTemplateContext {
  const log = overrides.log ?? createLogger({ service: 'prompt-template', level: config.LOG_LEVEL });
  const metrics = createMetrics('prompt-template');
  const identity = loadMeshIdentity(config, resolve(config.ATELIER_DATA_DIR));
  const owned = new AsyncDisposableStack();
  const channel = openChannel(config.STORAGE_URL, {
    services: [DocumentService],
    credential: identity.credential,
    metrics,
  });
  owned.defer(() => channel.close());
  const now = overrides.now ?? (() => new Date());
  const library = openTemplateLibrary(createClient(DocumentService, channel), now);
  const { promptModel } = config;
  const write = (model: Instance) => openWriter(model, openLimits(config, log, owned), log, metrics);
  return {
    log,
    metrics,
    identity,
    library,
    templates: new TemplateSource(library),
    writer: overrides.writer ?? (promptModel === undefined ? rulesWriter : write(promptModel)),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

function openWriter(instance: Instance, limits: CallLimits, log: Logger, metrics: Metrics): PromptWriter {
  const model = openLanguageModel(instance, { limits, log, variable: PROMPT_MODEL });
  if (!model.priced) {
    log.warn(
      { model: model.model },
      `no price of this model is known, so that what it costs is unknown; ${PROMPT_MODEL}_PRICE_INPUT and ${PROMPT_MODEL}_PRICE_OUTPUT say it`,
    );
  }
  return languageWriter({ model, log, record: askMetrics(metrics) });
}

/** The bounds of requests to the model: of all replicas together where there is Redis. */
function openLimits(
  { REDIS_URL: url }: PromptTemplateConfig,
  log: Logger,
  owned: AsyncDisposableStack,
): CallLimits {
  if (url === undefined) return owned.use(new LocalLimits());
  const redis = owned.use(openRedis(url, (err) => log.warn({ err }, 'the connection to Redis is broken')));
  return owned.use(new RedisLimits(redis, 'prompt-template', PLACE_LIFETIME_MS));
}
