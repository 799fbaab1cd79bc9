import type { Mesh } from '@atelier/launch';
import { Task } from '@atelier/protos/atelier/common/v1/parameters_pb.ts';
import { CatalogService } from '@atelier/protos/atelier/provider/v1/catalog_service_pb.ts';
import {
  CandidateState,
  ImageGenerationService,
} from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import { ModelState, Support } from '@atelier/protos/atelier/provider/v1/model_pb.ts';
import { createClient, loadMeshIdentity, openChannel, principalSigner } from '@atelier/rpc';

/** The ways in which results come; each has a provider instance and a model of this name. */
export const KINDS = ['base64', 'addresses'] as const;

/** One of the ways. */
export type Kind = (typeof KINDS)[number];

/** The provider adapter of a mesh, called as the gateway calls it. */
export interface Adapter extends Disposable {
  /** Has so many images made, each by a submit of its own. Rejects unless all of them succeed. */
  make(kind: Kind, images: number): Promise<void>;
}

const TIMEOUT_MS = 300_000;

/** Opens the adapter, and registers the models. */
export async function openAdapter(mesh: Mesh, dataDir: string): Promise<Adapter> {
  const { credential, privateKey = '' } = loadMeshIdentity({}, dataDir);
  const sign = principalSigner(privateKey);
  const call = () => ({
    timeoutMs: TIMEOUT_MS,
    principal: sign({
      team: 'teams/bench',
      keyId: 'bench',
      subject: 'bench',
      scopes: ['generate', 'platform-admin'],
      expireTime: new Date(Date.now() + TIMEOUT_MS),
      kind: 'caller',
    }),
  });
  const address = `127.0.0.1:${mesh.ports.grpc['provider-adapter']}`;
  const channel = openChannel(address, { services: [CatalogService, ImageGenerationService], credential });
  const catalog = createClient(CatalogService, channel);
  const generation = createClient(ImageGenerationService, channel);
  for (const kind of KINDS) {
    const model = {
      name: `models/${kind}`,
      provider: kind,
      nativeModel: kind,
      state: ModelState.VALIDATED,
      tasks: [Task.GENERATE],
      maxImagesPerRequest: 1,
      typicalLatencyMs: 30_000n,
      capabilities: [{ field: 'prompt', support: Support.NATIVE, native: [{ path: 'prompt' }] }],
    };
    await catalog.registerModel({ model }, call());
  }
  let made = 0;
  return {
    async make(kind, images) {
      const request = { model: `models/${kind}`, prompt: 'a picture' };
      const each = Array.from({ length: images }, async () => {
        made += 1;
        const candidates = [{ key: `generations/bench/${made}/0` }];
        for await (const { event } of generation.generateImages({ request, candidates }, call())) {
          if (event.case !== 'result' || event.value.state === CandidateState.SUCCEEDED) continue;
          throw new Error(`an image was not made: ${event.value.failure?.message}`);
        }
      });
      await Promise.all(each);
    },
    [Symbol.dispose]: () => channel.close(),
  };
}
