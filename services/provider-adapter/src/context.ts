import { join, resolve } from 'node:path';
import { type CallLimits, LocalLimits, openRedis, RedisLimits } from '@atelier/coordination';
import type { Collection } from '@atelier/documents';
import { createLogger, createMetrics, type Logger, type Metrics } from '@atelier/observability';
import type { Project } from '@atelier/protos/atelier/gateway/v1/project_pb.ts';
import { DocumentService } from '@atelier/protos/atelier/storage/v1/document_service_pb.ts';
import { ImageService } from '@atelier/protos/atelier/storage/v1/image_service_pb.ts';
import { createClient, loadMeshIdentity, type MeshIdentity, openChannel } from '@atelier/rpc';
import type { JsonObject } from '@bufbuild/protobuf';
import { Catalog } from './catalog/catalog.ts';
import { readCatalog } from './catalog/data-files.ts';
import { projectCollection } from './catalog/dependents.ts';
import type { EntrySurroundings } from './catalog/entry-rules.ts';
import { followRegistrations } from './catalog/follow.ts';
import { registrationCollection } from './catalog/registration.ts';
import type { ProviderAdapterConfig } from './config.ts';
import { GuardedFetcher, type Resolver } from './fetch/guarded-fetcher.ts';
import type { ProviderType } from './providers/provider.ts';
import { PROVIDER_TYPES } from './providers/provider-types.ts';
import { createProviders, type ProviderRegistry } from './providers/registry.ts';
import { Spool } from './spool/spool.ts';
import { ImageStore } from './store/image-store.ts';
import { SubmissionDesk } from './submit/desk.ts';
import { LocalJournal } from './submit/journal/local.ts';
import { RedisJournal } from './submit/journal/redis.ts';
import type { SubmissionJournal } from './submit/journal/submission-journal.ts';
import { sweepJournal } from './submit/journal/sweep.ts';
import { submissionMetrics } from './submit/metrics.ts';
import { RedisWebhookBus } from './submit/redis-webhook-bus.ts';
import { LocalWebhookBus, type WebhookBus, WebhookDesk } from './submit/webhook-desk.ts';

/** What handlers work with. */
export interface ProviderAdapterContext extends AsyncDisposable {
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly identity: MeshIdentity;
  readonly now: () => Date;
  readonly catalog: Catalog;
  /** The documents in which registered models are kept. */
  readonly registrations: Collection<JsonObject>;
  readonly projects: Collection<Project>;
  readonly surroundings: EntrySurroundings;
  readonly providers: ProviderRegistry;
  readonly store: ImageStore;
  readonly fetcher: GuardedFetcher;
  readonly desk: SubmissionDesk;
  /** Undefined where this installation has no address outside. */
  readonly webhooks: WebhookDesk | undefined;
}

/** What tests replace. */
export interface ProviderAdapterOverrides {
  readonly log?: Logger;
  readonly now?: () => Date;
  /** Kinds of providers beside the built-in ones; the first instance of each is there without variables. */
  readonly providerTypes?: readonly ProviderType[];
  readonly resolve?: Resolver;
}

/** Tells storage that a record of a made image comes from whoever had it made. */
const CALLER_HEADER = { 'atelier-caller-service': 'provider-adapter' };

/** Joins the parts. The only place that names adapters. */
export async function createContext(
  config: ProviderAdapterConfig,
  overrides: ProviderAdapterOverrides = {},
): Promise<ProviderAdapterContext> {
  const log = overrides.log ?? createLogger({ service: 'provider-adapter', level: config.LOG_LEVEL });
  const metrics = createMetrics('provider-adapter');
  const directory = resolve(config.ATELIER_DATA_DIR);
  const identity = loadMeshIdentity(config, directory);
  const now = overrides.now ?? (() => new Date());
  const providers = openProviders(config, overrides.providerTypes ?? []);
  const surroundings = {
    hasProvider: (name: string) => providers.has(name),
    nativeModels: (name: string) => providers.get(name)?.nativeModels,
  };
  // Entries of a provider that is turned off are still entries: they say that it is not configured.
  const known = { ...surroundings, hasProvider: () => true };
  const catalog = new Catalog(await readCatalog(known), (name) => providers.status(name));
  const channel = openChannel(config.STORAGE_URL, {
    services: [DocumentService, ImageService],
    credential: identity.credential,
    headers: CALLER_HEADER,
    metrics,
  });
  const documents = createClient(DocumentService, channel);
  const store = new ImageStore(createClient(ImageService, channel));
  const spool = new Spool(join(directory, 'provider-adapter', 'spool'));
  const coordination = coordinate(config, join(directory, 'provider-adapter'), log);
  const { journal, limits } = coordination;
  const fetcher = new GuardedFetcher({
    allowedOrigins: config.FETCH_ALLOWED_ORIGINS,
    maxBytes: config.FETCH_MAX_BYTES,
    timeoutMs: config.FETCH_TIMEOUT,
    ...(overrides.resolve !== undefined && { resolve: overrides.resolve }),
  });
  const webhooks =
    config.GATEWAY_PUBLIC_URL === undefined
      ? undefined
      : new WebhookDesk(config.GATEWAY_PUBLIC_URL, coordination.webhookBus);
  const desk = new SubmissionDesk({
    journal,
    limits,
    providers,
    store,
    spool,
    fetcher,
    webhooks,
    now,
    log,
    recordEnd: submissionMetrics(metrics),
  });
  const registrations = registrationCollection(documents);
  const background = new AbortController();
  const following = followRegistrations(catalog, registrations, log, background.signal).catch(
    (err: unknown) => log.error({ err }, 'registered models are not followed any more'),
  );
  const sweeping = sweepJournal(
    journal,
    config.PROVIDER_ADAPTER_JOURNAL_LIFETIME,
    now,
    log,
    background.signal,
  );
  return {
    log,
    metrics,
    identity,
    now,
    catalog,
    registrations,
    projects: projectCollection(documents),
    surroundings,
    providers,
    store,
    fetcher,
    desk,
    webhooks,
    async [Symbol.asyncDispose]() {
      background.abort();
      await desk.drain(0);
      await Promise.all([following, sweeping]);
      await coordination[Symbol.asyncDispose]();
      await spool[Symbol.asyncDispose]();
      channel.close();
    },
  };
}

/** Where submissions are kept and bounds are counted: in this process, or in Redis for all replicas. */
interface Coordination extends AsyncDisposable {
  readonly journal: SubmissionJournal;
  readonly limits: CallLimits;
  readonly webhookBus: WebhookBus;
}

function coordinate(config: ProviderAdapterConfig, directory: string, log: Logger): Coordination {
  const {
    REDIS_URL: url,
    PROVIDER_ADAPTER_LEASE: leaseMs,
    PROVIDER_ADAPTER_JOURNAL_LIFETIME: lifetimeMs,
  } = config;
  const stack = new AsyncDisposableStack();
  if (url === undefined) {
    const journal = stack.use(new LocalJournal(join(directory, 'submissions')));
    const limits = stack.use(new LocalLimits());
    return {
      journal,
      limits,
      webhookBus: new LocalWebhookBus(),
      [Symbol.asyncDispose]: () => stack.disposeAsync(),
    };
  }
  const redis = stack.use(openRedis(url, (err) => log.warn({ err }, 'the connection to Redis is broken')));
  const options = { redis, directory: join(directory, 'answers'), lifetimeMs, leaseMs };
  const journal = stack.use(new RedisJournal(options));
  const limits = stack.use(new RedisLimits(redis, 'adapter', leaseMs));
  const webhookBus = new RedisWebhookBus(redis);
  return { journal, limits, webhookBus, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

function openProviders(config: ProviderAdapterConfig, more: readonly ProviderType[]): ProviderRegistry {
  const types = [...PROVIDER_TYPES, ...more];
  const always = types
    .filter(({ type }) => type !== 'sandbox' || config.PROVIDER_SANDBOX_ENABLED)
    .map(({ type }) => type);
  return createProviders(types, always, config.instances);
}
