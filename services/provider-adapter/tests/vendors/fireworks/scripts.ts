import { RefusalStage } from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import type { Reply, Scene, ScriptedRequest, Stage, VendorScript } from '../vendor-script.ts';

const KEY = 'fireworks-test-key';
const BASE = '/inference/v1';
const MODELS = `${BASE}/workflows/accounts/fireworks/models`;

const env = (origin: string) => ({
  PROVIDER_FIREWORKS_BASE_URL: origin + BASE,
  PROVIDER_FIREWORKS_API_KEY: KEY,
});

const error = (status: number, message: string, headers = {}): Reply => ({
  status,
  headers,
  body: { error: { object: 'error', type: 'invalid_request_error', message } },
});

/** What is wrong with a request by whoever looks at it first; undefined where it may go on. */
function objection({ headers, method, json }: ScriptedRequest, accepted: RegExp): Reply | undefined {
  if (headers.authorization !== `Bearer ${KEY}`) return error(401, 'unauthorized');
  if (method !== 'POST') return error(405, 'method not allowed');
  if (!accepted.test(headers.accept ?? '')) return error(406, 'cannot answer that');
  return typeof json === 'object' && json !== null ? undefined : error(400, 'the body is no JSON');
}

function refusedStatus(scene: Extract<Scene, { kind: 'status' }>): Reply {
  const headers = scene.retryAfter === undefined ? {} : { 'retry-after': String(scene.retryAfter) };
  return error(scene.status, `Status ${scene.status}`, headers);
}

const promptOf = ({ json }: ScriptedRequest) => (json as { prompt?: unknown }).prompt;

const BY_HEADER = 'a filtered image, by its header';
const AS_DOCUMENT = 'a filtered image, as a document';

/** The models whose answer is the image itself. */
export const fireworksScript: VendorScript = {
  type: 'fireworks',
  model: 'fireworks-flux-1-schnell',
  env,
  isSubmit: ({ path }) => path.endsWith('/text_to_image'),
  reply(request, { scene }) {
    if (request.path !== `${MODELS}/flux-1-schnell-fp8/text_to_image`) return error(404, 'no such model');
    const wrong = objection(request, /^image\/(png|jpeg)$/);
    if (wrong !== undefined) return wrong;
    if (typeof promptOf(request) !== 'string') return error(400, 'prompt: field required');
    return picture(scene);
  },
  refusals: {
    [BY_HEADER]: { stage: RefusalStage.OUTPUT, categories: ['content_filtered'] },
    [AS_DOCUMENT]: { stage: RefusalStage.OUTPUT, categories: ['content_filtered'] },
  },
  imagesPerRequest: 1,
  givesUrls: false,
};

function picture(scene: Scene): Reply | undefined {
  const headers = { 'content-type': 'image/png', 'finish-reason': 'SUCCESS', seed: '42' };
  switch (scene.kind) {
    case 'images': {
      const [bytes] = scene.images;
      return bytes === undefined
        ? error(500, 'internal server error')
        : { status: 200, headers, body: bytes };
    }
    case 'refusal':
      if (scene.form === AS_DOCUMENT) {
        return { status: 200, body: { id: '1', base64: [''], finishReason: 'CONTENT_FILTERED', seed: 42 } };
      }
      return {
        status: 200,
        headers: { ...headers, 'finish-reason': 'CONTENT_FILTERED' },
        body: Buffer.from('black'),
      };
    case 'status':
      return refusedStatus(scene);
    default:
      return undefined;
  }
}

const MODERATED: Readonly<Record<string, object>> = {
  'Request Moderated': {
    status: 'Request Moderated',
    result: null,
    details: { 'Moderation Reasons': ['Derivative Works Filter'] },
  },
  'Content Moderated': { status: 'Content Moderated', result: null, details: null },
};

/** The models of Black Forest Labs, whose jobs are polled. */
export const kontextScript: VendorScript = {
  type: 'fireworks',
  model: 'fireworks-flux-kontext-pro',
  env,
  isSubmit: ({ path }) => path === `${MODELS}/flux-kontext-pro`,
  reply(request, stage) {
    const wrong = objection(request, /^application\/json$/);
    if (wrong !== undefined) return wrong;
    if (request.path === `${MODELS}/flux-kontext-pro`) return submit(request, stage);
    if (request.path === `${MODELS}/flux-kontext-pro/get_result`) return look(request, stage);
    return error(404, 'no such model');
  },
  refusals: {
    'Request Moderated': { stage: RefusalStage.INPUT, categories: ['derivative works filter'] },
    'Content Moderated': { stage: RefusalStage.OUTPUT, categories: [] },
  },
  imagesPerRequest: 1,
  givesUrls: true,
};

function submit(request: ScriptedRequest, { scene, memory, host }: Stage): Reply {
  if (typeof promptOf(request) !== 'string') {
    return { status: 400, body: { error_message: 'prompt: field required' } };
  }
  if (scene.kind === 'status') return refusedStatus(scene);
  const id = `request-${memory.size}`;
  memory.set(id, ending({ scene, host }));
  return { status: 200, body: { request_id: id } };
}

function ending({ scene, host }: Pick<Stage, 'scene' | 'host'>): object {
  switch (scene.kind) {
    case 'images': {
      const [bytes] = scene.images;
      if (bytes === undefined) return { status: 'Error', result: null };
      return { status: 'Ready', result: { sample: host(bytes) } };
    }
    case 'refusal':
      return MODERATED[scene.form] ?? {};
    case 'result_at':
      return { status: 'Ready', result: { sample: scene.url } };
    default:
      return { status: 'Pending', result: null, progress: 0.5 };
  }
}

function look({ json }: ScriptedRequest, { memory }: Stage): Reply {
  const { id } = json as { id?: unknown };
  if (typeof id !== 'string') return { status: 400, body: { error_message: 'id: field required' } };
  const ended = memory.get(id) as object | undefined;
  return { status: 200, body: { id, ...(ended ?? { status: 'Task not found', result: null }) } };
}
