import { resolve } from 'node:path';
import { createLogger, createMetrics, type Logger, type Metrics } from '@atelier/observability';
import { DocumentService } from '@atelier/protos/atelier/storage/v1/document_service_pb.ts';
import { createClient, loadMeshIdentity, type MeshIdentity, openChannel } from '@atelier/rpc';
import type { PromptTemplateConfig } from './config.ts';
import { openTemplateLibrary, type TemplateLibrary, TemplateSource } from './template-source.ts';
import type { PromptWriter } from './writers/prompt-writer.ts';
import { rulesWriter } from './writers/rules-writer.ts';

/** What handlers work with. */
export interface PromptTemplateContext extends Disposable {
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

/** Joins the parts. The only place that names adapters. */
export function createContext(
  config: PromptTemplateConfig,
  overrides: PromptTemplateOverrides = {},
): PromptTemplateContext {
  const log = overrides.log ?? createLogger({ service: 'prompt-template', level: config.LOG_LEVEL });
  const metrics = createMetrics('prompt-template');
  const identity = loadMeshIdentity(config, resolve(config.ATELIER_DATA_DIR));
  const channel = openChannel(config.STORAGE_URL, {
    services: [DocumentService],
    credential: identity.credential,
    metrics,
  });
  const now = overrides.now ?? (() => new Date());
  const library = openTemplateLibrary(createClient(DocumentService, channel), now);
  return {
    log,
    metrics,
    identity,
    library,
    templates: new TemplateSource(library),
    writer: overrides.writer ?? rulesWriter,
    [Symbol.dispose]: () => channel.close(),
  };
}
