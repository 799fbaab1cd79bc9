import { RefusalStage } from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import type { Reply, ScriptedRequest, Stage, VendorScript } from '../vendor-script.ts';

export const KEY = 'hf_testtesttest';

const POLICY = { loc: ['body', 'prompt'], msg: 'Flagged: a red apple', type: 'content_policy_violation' };

const REFUSALS: Readonly<Record<string, Reply>> = {
  'a policy, as fal has it': { status: 422, body: { detail: [POLICY] } },
  'a code, as OpenAI has it': {
    status: 400,
    body: { error: { message: 'Rejected: a red apple on a table', code: 'moderation_blocked' } },
  },
  'in words alone': { status: 400, body: { error: 'NSFW content detected in: a red apple on a table' } },
  'flagged by the checker': {
    status: 200,
    body: { images: [{ url: 'data:image/png;base64,AAAA' }], has_nsfw_concepts: [true] },
  },
};

const common: Omit<VendorScript, 'model' | 'reply' | 'givesUrls'> = {
  type: 'huggingface',
  env: (origin) => ({ PROVIDER_HUGGINGFACE_BASE_URL: origin, PROVIDER_HUGGINGFACE_API_KEY: KEY }),
  isSubmit: ({ method }) => method === 'POST',
  refusals: {
    'a policy, as fal has it': {
      stage: RefusalStage.UNSPECIFIED,
      categories: ['content_policy_violation'],
    },
    'a code, as OpenAI has it': { stage: RefusalStage.UNSPECIFIED, categories: ['moderation_blocked'] },
    'in words alone': { stage: RefusalStage.UNSPECIFIED, categories: ['nsfw'] },
    'flagged by the checker': { stage: RefusalStage.OUTPUT, categories: ['nsfw'] },
  },
  imagesPerRequest: 1,
};

/** Hugging Face's own inference: the answer is the image. */
export const ownScript: VendorScript = {
  ...common,
  model: 'hf-flux-1-schnell',
  givesUrls: false,
  reply(request, stage) {
    const path = '/hf-inference/models/black-forest-labs/FLUX.1-schnell';
    return objection(request, path, 'inputs') ?? reply(stage, image);
  },
};

/** fal behind the router: an address, or the image in a data URI. */
export const falScript: VendorScript = {
  ...common,
  model: 'hf-fal-flux-1-dev',
  givesUrls: true,
  reply: (request, stage) =>
    objection(request, '/fal-ai/fal-ai/flux/dev', 'prompt') ?? reply(stage, falResult),
};

function objection({ headers, path, json }: ScriptedRequest, at: string, needed: string): Reply | undefined {
  if (headers.authorization !== `Bearer ${KEY}`)
    return error(401, 'Invalid credentials in Authorization header');
  if (path !== at) return error(404, 'Not Found');
  if (headers['content-type'] !== 'application/json') return error(400, 'not JSON');
  const value = (json as Record<string, unknown> | undefined)?.[needed];
  return typeof value === 'string' ? undefined : error(422, `${needed}: Field required`);
}

function reply(stage: Stage, done: (bytes: Buffer | undefined, stage: Stage) => Reply): Reply | undefined {
  const { scene } = stage;
  switch (scene.kind) {
    case 'images':
      return done(scene.images[0], stage);
    case 'refusal':
      return REFUSALS[scene.form];
    case 'status': {
      const headers = scene.retryAfter === undefined ? {} : { 'retry-after': String(scene.retryAfter) };
      return { ...error(scene.status, `Status ${scene.status}`), headers };
    }
    case 'result_at':
      return { status: 200, body: { images: [{ url: scene.url }] } };
    default:
      return undefined;
  }
}

function image(bytes: Buffer | undefined): Reply {
  if (bytes === undefined) return error(500, 'Internal Server Error');
  return { status: 200, headers: { 'content-type': 'image/png', 'x-compute-time': '1.2' }, body: bytes };
}

function falResult(bytes: Buffer | undefined, { host }: Stage): Reply {
  if (bytes === undefined) return error(500, 'Internal Server Error');
  const url = bytes.length > 1_000_000 ? `data:image/png;base64,${bytes.toString('base64')}` : host(bytes);
  const images = [{ url, width: 64, height: 64, content_type: 'image/png' }];
  return { status: 200, body: { images, seed: 42, has_nsfw_concepts: [false], prompt: 'p' } };
}

function error(status: number, message: string): Reply {
  return { status, body: { error: message } };
}
