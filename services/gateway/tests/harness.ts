import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '@atelier/observability';
import { EvaluationService } from '@atelier/protos/atelier/evaluation/v1/evaluation_service_pb.ts';
import { ApiKeyService } from '@atelier/protos/atelier/gateway/v1/api_key_service_pb.ts';
import { AuditService } from '@atelier/protos/atelier/gateway/v1/audit_service_pb.ts';
import { BatchService } from '@atelier/protos/atelier/gateway/v1/batch_service_pb.ts';
import { BudgetService } from '@atelier/protos/atelier/gateway/v1/budget_service_pb.ts';
import { GenerationService } from '@atelier/protos/atelier/gateway/v1/generation_service_pb.ts';
import { OrganisationService } from '@atelier/protos/atelier/gateway/v1/organisation_service_pb.ts';
import { ProjectService } from '@atelier/protos/atelier/gateway/v1/project_service_pb.ts';
import { ReviewService } from '@atelier/protos/atelier/gateway/v1/review_service_pb.ts';
import { TeamService } from '@atelier/protos/atelier/gateway/v1/team_service_pb.ts';
import { UsageService } from '@atelier/protos/atelier/gateway/v1/usage_service_pb.ts';
import { TemplateService } from '@atelier/protos/atelier/prompt/v1/template_service_pb.ts';
import { CatalogService } from '@atelier/protos/atelier/provider/v1/catalog_service_pb.ts';
import { AdminService } from '@atelier/protos/atelier/storage/v1/admin_service_pb.ts';
import { ImageService } from '@atelier/protos/atelier/storage/v1/image_service_pb.ts';
import { RecordService } from '@atelier/protos/atelier/storage/v1/record_service_pb.ts';
import { createClient, isRpcError, loadMeshIdentity, openChannel } from '@atelier/rpc';
import { loadStorageConfig, startStorage } from '@atelier/storage';
import { digestOf } from '../src/identity/secret-digest.ts';
import { loadGatewayConfig, type RunningService, startGateway } from '../src/service.ts';
import { type ScriptedServices, scriptServices } from './scripted-services.ts';

const services = [
  ApiKeyService,
  AuditService,
  BatchService,
  BudgetService,
  CatalogService,
  EvaluationService,
  GenerationService,
  ImageService,
  OrganisationService,
  ProjectService,
  ReviewService,
  TeamService,
  TemplateService,
  UsageService,
  AdminService,
];

const level = (process.env.TEST_LOG as 'debug' | undefined) ?? 'silent';

/** Keys that are there from the start: name to team and scopes. The secret of each is made of its name. */
const KEYS: Readonly<Record<string, { team: string; scopes: string; project?: string }>> = {
  platform: { team: 'teams/platform', scopes: 'platform-admin' },
  red: { team: 'teams/red', scopes: 'generate, author, team-admin, usage' },
  'red-generate': { team: 'teams/red', scopes: 'generate' },
  'red-author': { team: 'teams/red', scopes: 'author' },
  'red-admin': { team: 'teams/red', scopes: 'team-admin' },
  'red-usage': { team: 'teams/red', scopes: 'usage' },
  'red-bound': { team: 'teams/red', scopes: 'generate, author', project: 'projects/red-bound' },
  blue: { team: 'teams/blue', scopes: 'generate, author, team-admin, usage' },
};

/** The secret of a key that is there from the start. */
export function secretOf(name: string): string {
  return `atl_${name}_${'x'.repeat(32)}`;
}

function keysFile(): string {
  const lines = Object.entries(KEYS).map(([id, { team, scopes, project }]) => {
    const bound = project === undefined ? '' : `, project: ${project}`;
    return `  - { id: ${id}, team: ${team}, scopes: [${scopes}], sha256: ${digestOf(secretOf(id))}${bound} }`;
  });
  return `keys:\n${lines.join('\n')}\n`;
}

/** Clients of the gateway with the given headers. */
export function clientsOf(port: number, headers: Record<string, string> = {}) {
  const channel = openChannel(`127.0.0.1:${port}`, { services, headers });
  return {
    keys: createClient(ApiKeyService, channel),
    audit: createClient(AuditService, channel),
    batches: createClient(BatchService, channel),
    budgets: createClient(BudgetService, channel),
    catalog: createClient(CatalogService, channel),
    evaluation: createClient(EvaluationService, channel),
    generations: createClient(GenerationService, channel),
    images: createClient(ImageService, channel),
    organisation: createClient(OrganisationService, channel),
    projects: createClient(ProjectService, channel),
    reviews: createClient(ReviewService, channel),
    teams: createClient(TeamService, channel),
    templates: createClient(TemplateService, channel),
    usage: createClient(UsageService, channel),
    admin: createClient(AdminService, channel),
    [Symbol.dispose]: () => channel.close(),
  };
}

export type Clients = ReturnType<typeof clientsOf>;

/** A gateway with real storage behind it, and the other services scripted. */
export interface Fixture extends AsyncDisposable {
  readonly gateway: RunningService;
  readonly scripted: ScriptedServices;
  readonly origin: string;
  readonly dataDir: string;
  readonly storageTarget: string;
  /** Clients with a key of the file, or with the given secret. */
  as(name: string, secret?: string): Clients;
  /** Clients without any key. */
  readonly anonymous: Clients;
  /** What a service of the mesh sees of the records. */
  readonly records: ReturnType<typeof createClient<typeof RecordService>>;
  stopStorage(): Promise<void>;
}

/** Starts everything on free ports of loopback; `api-key` unless the environment says otherwise. */
export async function fixture(env: Readonly<Record<string, string>> = {}): Promise<Fixture> {
  await using starting = new AsyncDisposableStack();
  const dataDir = mkdtempSync(join(tmpdir(), 'atelier-gateway-'));
  starting.defer(() => rmSync(dataDir, { recursive: true, force: true }));
  const file = join(dataDir, 'keys.yaml');
  writeFileSync(file, keysFile());
  const identity = loadMeshIdentity({}, join(dataDir));
  const storage = starting.use(
    await startStorage(
      loadStorageConfig({
        ATELIER_DATA_DIR: dataDir,
        STORAGE_GRPC_ADDR: '127.0.0.1:0',
        STORAGE_HTTP_ADDR: '127.0.0.1:0',
      }),
      { log: createLogger({ service: 'storage', level }) },
    ),
  );
  const scripted = starting.use(await scriptServices(identity));
  const config = loadGatewayConfig({
    ATELIER_DATA_DIR: dataDir,
    GATEWAY_GRPC_ADDR: '127.0.0.1:0',
    GATEWAY_HTTP_ADDR: '127.0.0.1:0',
    GATEWAY_AUTH: 'api-key',
    GATEWAY_API_KEYS_FILE: file,
    STORAGE_URL: `127.0.0.1:${storage.grpcPort}`,
    PROMPT_TEMPLATE_URL: scripted.target,
    PROVIDER_ADAPTER_URL: scripted.target,
    EVALUATOR_URL: scripted.target,
    ...env,
  });
  const gateway = starting.use(
    await startGateway(config, { log: createLogger({ service: 'gateway', level }) }),
  );
  const inner = starting.use(
    openChannel(`127.0.0.1:${storage.grpcPort}`, {
      services: [RecordService],
      credential: identity.credential,
    }),
  );
  const opened = starting.use(new DisposableStack());
  const stack = starting.move();
  const open = (headers?: Record<string, string>) => opened.use(clientsOf(gateway.grpcPort, headers));
  return {
    gateway,
    scripted,
    origin: `http://127.0.0.1:${gateway.httpPort}`,
    dataDir,
    storageTarget: `127.0.0.1:${storage.grpcPort}`,
    as: (name, secret = secretOf(name)) => open({ authorization: `Bearer ${secret}` }),
    anonymous: open(),
    records: createClient(RecordService, inner),
    stopStorage: () => storage.drain(0),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

/** Code and reason of the error that a promise rejects with; OK where it does not. */
export async function refusal(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    if (isRpcError(error)) return `${error.codeName} ${error.reason}`;
    throw error;
  }
  return 'OK';
}

/** The fields that an error names. */
export async function fieldsOf(promise: Promise<unknown>): Promise<string[]> {
  try {
    await promise;
  } catch (error) {
    if (isRpcError(error)) return error.fieldViolations.map(({ field }) => field);
    throw error;
  }
  return [];
}
