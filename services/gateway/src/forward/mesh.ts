import type { Secret } from '@atelier/config';
import type { Metrics } from '@atelier/observability';
import { EvaluationService } from '@atelier/protos/atelier/evaluation/v1/evaluation_service_pb.ts';
import { RubricService } from '@atelier/protos/atelier/evaluation/v1/rubric_service_pb.ts';
import { PromptService } from '@atelier/protos/atelier/prompt/v1/prompt_service_pb.ts';
import { TemplateService } from '@atelier/protos/atelier/prompt/v1/template_service_pb.ts';
import { CatalogService } from '@atelier/protos/atelier/provider/v1/catalog_service_pb.ts';
import { ImageGenerationService } from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import { AdminService } from '@atelier/protos/atelier/storage/v1/admin_service_pb.ts';
import { DocumentService } from '@atelier/protos/atelier/storage/v1/document_service_pb.ts';
import { ImageService } from '@atelier/protos/atelier/storage/v1/image_service_pb.ts';
import { RecordService } from '@atelier/protos/atelier/storage/v1/record_service_pb.ts';
import { type Channel, type Client, createClient, openChannel } from '@atelier/rpc';
import type { DescService } from '@bufbuild/protobuf';
import { namingClient } from './unreachable.ts';

/** The services behind the gateway. */
export const MESH_SERVICES = ['storage', 'prompt-template', 'provider-adapter', 'evaluator'] as const;
export type MeshService = (typeof MESH_SERVICES)[number];

const CONTRACTS: Readonly<Record<MeshService, readonly DescService[]>> = {
  storage: [DocumentService, ImageService, RecordService, AdminService],
  'prompt-template': [PromptService, TemplateService],
  'provider-adapter': [CatalogService, ImageGenerationService],
  evaluator: [EvaluationService, RubricService],
};

/** What is needed to reach the services. */
export interface MeshOptions {
  /** gRPC target of each. */
  readonly targets: Readonly<Record<MeshService, string>>;
  readonly credential: Secret;
  readonly metrics?: Metrics | undefined;
}

/** Channels to the services and typed clients over them. Errors name a service that is away. */
export interface Mesh extends Disposable {
  readonly channels: Readonly<Record<MeshService, Channel>>;
  readonly clients: MeshClients;
}

/** One client per contract. */
export type MeshClients = ReturnType<typeof clientsOver>;

/** Opens the channels. They connect at the first call, so that no order of starting is needed. */
export function openMesh({ targets, credential, metrics }: MeshOptions): Mesh {
  const open = (name: MeshService) =>
    openChannel(targets[name], {
      services: CONTRACTS[name],
      credential,
      metrics,
      outlierDetection: true,
    });
  const channels = {
    storage: open('storage'),
    'prompt-template': open('prompt-template'),
    'provider-adapter': open('provider-adapter'),
    evaluator: open('evaluator'),
  };
  return {
    channels,
    clients: clientsOver(channels),
    [Symbol.dispose]() {
      for (const name of MESH_SERVICES) channels[name].close();
    },
  };
}

function clientsOver(channels: Mesh['channels']) {
  const client = <S extends DescService>(service: S, channel: Channel): Client<S> =>
    namingClient(service, createClient(service, channel));
  return {
    documents: client(DocumentService, channels.storage),
    images: client(ImageService, channels.storage),
    records: client(RecordService, channels.storage),
    prompt: client(PromptService, channels['prompt-template']),
    templates: client(TemplateService, channels['prompt-template']),
    catalog: client(CatalogService, channels['provider-adapter']),
    adapter: client(ImageGenerationService, channels['provider-adapter']),
    evaluator: client(EvaluationService, channels.evaluator),
    rubrics: client(RubricService, channels.evaluator),
  };
}
