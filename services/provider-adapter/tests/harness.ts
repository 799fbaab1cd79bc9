import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '@atelier/observability';
import { CatalogService } from '@atelier/protos/atelier/provider/v1/catalog_service_pb.ts';
import {
  type CandidateProgress,
  type CandidateResult,
  type GenerateImagesRequestSchema,
  type GenerateImagesStarted,
  ImageGenerationService,
} from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import { DocumentService } from '@atelier/protos/atelier/storage/v1/document_service_pb.ts';
import { ImageService } from '@atelier/protos/atelier/storage/v1/image_service_pb.ts';
import {
  type CallOptions,
  type Client,
  createClient,
  loadMeshIdentity,
  openChannel,
  type Principal,
  principalSigner,
} from '@atelier/rpc';
import { loadStorageConfig, startStorage } from '@atelier/storage';
import { getBytes } from '@atelier/transfer';
import type { MessageInitShape } from '@bufbuild/protobuf';
import {
  loadProviderAdapterConfig,
  type ProviderAdapterOverrides,
  startProviderAdapter,
} from '../src/service.ts';

/** A real storage in a directory of its own, which a test's adapters share. */
export interface Stage extends AsyncDisposable {
  readonly directory: string;
  readonly storageUrl: string;
  readonly documents: Client<typeof DocumentService>;
  readonly images: Client<typeof ImageService>;
  /** A signed caller of a team. */
  caller(team?: string, scopes?: readonly string[]): Principal;
  /** Clients of an adapter at a port. */
  clients(port: number): AdapterClients;
  /** Environment for an adapter on this stage. */
  env(more?: Record<string, string>): Record<string, string>;
}

/** Clients of a running adapter. */
export interface AdapterClients extends Disposable {
  readonly catalog: Client<typeof CatalogService>;
  readonly generation: Client<typeof ImageGenerationService>;
}

/** Starts storage. */
export async function openStage(): Promise<Stage> {
  await using stack = new AsyncDisposableStack();
  const directory = await mkdtemp(join(tmpdir(), 'adapter-'));
  stack.defer(() => rm(directory, { recursive: true, force: true }));
  const identity = loadMeshIdentity({}, directory);
  const storage = stack.use(
    await startStorage(
      loadStorageConfig({
        ATELIER_DATA_DIR: directory,
        STORAGE_GRPC_ADDR: '127.0.0.1:0',
        STORAGE_HTTP_ADDR: '127.0.0.1:0',
      }),
      { log: createLogger({ service: 'storage', level: 'silent' }) },
    ),
  );
  const storageUrl = `127.0.0.1:${storage.grpcPort}`;
  const { credential } = identity;
  const channel = openChannel(storageUrl, { services: [DocumentService, ImageService], credential });
  stack.defer(() => channel.close());
  const sign = principalSigner(identity.privateKey ?? '');
  const owned = stack.move();
  return {
    directory,
    storageUrl,
    documents: createClient(DocumentService, channel),
    images: createClient(ImageService, channel),
    caller: (team = 'teams/shop', scopes = ['generate']) =>
      sign({
        team,
        keyId: 'key',
        subject: 'test',
        scopes,
        expireTime: new Date(Date.now() + 600_000),
        kind: 'caller',
      }),
    clients: (port) => {
      const options = { services: [CatalogService, ImageGenerationService], credential };
      const adapter = openChannel(`127.0.0.1:${port}`, options);
      return {
        catalog: createClient(CatalogService, adapter),
        generation: createClient(ImageGenerationService, adapter),
        [Symbol.dispose]: () => adapter.close(),
      };
    },
    env: (more = {}) => ({
      ATELIER_DATA_DIR: directory,
      STORAGE_URL: storageUrl,
      PROVIDER_ADAPTER_GRPC_ADDR: '127.0.0.1:0',
      LOG_LEVEL: 'error',
      ...more,
    }),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** An adapter in this process, with its clients. */
export async function startAdapter(
  stage: Stage,
  overrides: ProviderAdapterOverrides = {},
  env: Record<string, string> = {},
): Promise<AdapterClients & AsyncDisposable> {
  const service = await startProviderAdapter(loadProviderAdapterConfig(stage.env(env)), {
    log: createLogger({ service: 'provider-adapter', level: 'silent' }),
    ...overrides,
  });
  const clients = stage.clients(service.grpcPort);
  return {
    ...clients,
    async [Symbol.asyncDispose]() {
      clients[Symbol.dispose]();
      await service[Symbol.asyncDispose]();
    },
  };
}

/** All that one call of GenerateImages told. */
export interface Told {
  readonly started: GenerateImagesStarted | undefined;
  readonly progress: readonly CandidateProgress[];
  /** By key. */
  readonly results: ReadonlyMap<string, CandidateResult>;
}

/** Calls GenerateImages and reads it to its end. */
export async function generate(
  clients: AdapterClients,
  request: MessageInitShape<typeof GenerateImagesRequestSchema>,
  options: CallOptions,
): Promise<Told> {
  let started: GenerateImagesStarted | undefined;
  const progress: CandidateProgress[] = [];
  const results = new Map<string, CandidateResult>();
  for await (const { event } of clients.generation.generateImages(request, {
    timeoutMs: 60_000,
    ...options,
  })) {
    if (event.case === 'started') started = event.value;
    else if (event.case === 'progress') progress.push(event.value);
    else if (event.case === 'result') results.set(event.value.key, event.value);
  }
  return { started, progress, results };
}

/** The bytes of an image of the caller's team. */
export async function download(stage: Stage, name: string, principal: Principal): Promise<Buffer> {
  const { image } = await stage.images.getImageUrl({ name }, { principal });
  if (image === undefined) throw new Error(`no url for ${name}`);
  return getBytes(image, { maxBytes: 100_000_000 });
}
