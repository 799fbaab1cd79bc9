import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Environment } from '@atelier/config';
import { PromptService } from '@atelier/protos/atelier/prompt/v1/prompt_service_pb.ts';
import { TemplateService } from '@atelier/protos/atelier/prompt/v1/template_service_pb.ts';
import {
  type CallOptions,
  type Client,
  createClient,
  loadMeshIdentity,
  openChannel,
  principalSigner,
} from '@atelier/rpc';
import { loadStorageConfig, startStorage } from '@atelier/storage';
import { loadPromptTemplateConfig, startPromptTemplate } from '../src/service.ts';

/** Clients of one prompt-template. */
export interface Clients {
  readonly templates: Client<typeof TemplateService>;
  readonly prompts: Client<typeof PromptService>;
}

/** Prompt-template with a real storage behind it, both over real sockets, and clients of it. */
export interface Harness extends Clients, AsyncDisposable {
  /** The call of a member of the team. */
  as(team: string): CallOptions;
  /** Stops storage; prompt-template goes on. */
  stopStorage(): Promise<void>;
  /** Another replica of prompt-template over the same storage, with other variables where they are given. */
  replica(env?: Environment): Promise<Clients>;
}

/** Starts them, with these variables beside those that a test needs anyway. */
export async function startHarness(env: Environment = {}): Promise<Harness> {
  await using stack = new AsyncDisposableStack();
  const dataDir = mkdtempSync(join(tmpdir(), 'atelier-prompt-template-'));
  stack.defer(() => rmSync(dataDir, { recursive: true, force: true }));
  const common = { ATELIER_DATA_DIR: dataDir, LOG_LEVEL: 'silent' };
  const address = '127.0.0.1:0';
  const storage = stack.use(
    await startStorage(
      loadStorageConfig({ ...common, STORAGE_GRPC_ADDR: address, STORAGE_HTTP_ADDR: address }),
    ),
  );
  const identity = loadMeshIdentity({}, dataDir);
  if (identity.privateKey === undefined) throw new Error('the mesh has no key to sign principals with');
  const sign = principalSigner(identity.privateKey);
  const owned = stack.move();
  const start = async (own: Environment) => {
    const config = loadPromptTemplateConfig({
      ...common,
      ...own,
      PROMPT_TEMPLATE_GRPC_ADDR: address,
      STORAGE_URL: `127.0.0.1:${storage.grpcPort}`,
    });
    const service = owned.use(await startPromptTemplate(config));
    const channel = openChannel(`127.0.0.1:${service.grpcPort}`, {
      services: [TemplateService, PromptService],
      credential: identity.credential,
    });
    owned.defer(() => channel.close());
    return {
      templates: createClient(TemplateService, channel),
      prompts: createClient(PromptService, channel),
    };
  };
  return {
    ...(await start(env)),
    as: (team) => ({
      principal: sign({
        team,
        keyId: 'k1',
        subject: 'Ada',
        scopes: [],
        expireTime: new Date(Date.now() + 600_000),
        kind: 'caller',
      }),
    }),
    stopStorage: () => storage.drain(0),
    replica: (own = env) => start(own),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
