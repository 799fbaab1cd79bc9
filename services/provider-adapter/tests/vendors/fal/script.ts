import { RefusalStage } from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import type { Reply, ScriptedRequest, Stage, VendorScript } from '../vendor-script.ts';

const KEY = 'fal-test-key';

const POLICY = {
  loc: ['body', 'prompt'],
  msg: 'Flagged by the content checker.',
  type: 'content_policy_violation',
};

export const falScript: VendorScript = {
  type: 'fal',
  model: 'fal-flux-dev',
  env: (origin) => ({ PROVIDER_FAL_BASE_URL: origin, PROVIDER_FAL_API_KEY: KEY }),
  isSubmit: ({ method }) => method === 'POST',
  isCancel: ({ method, path }) => method === 'PUT' && path.endsWith('/cancel'),
  reply(request, stage) {
    if (request.headers.authorization !== `Key ${KEY}`)
      return { status: 401, body: { detail: 'Authentication required' } };
    return request.method === 'POST' ? submit(request, stage) : follow(request, stage);
  },
  refusals: {
    'flagged by the checker': { stage: RefusalStage.OUTPUT, categories: ['nsfw'] },
    content_policy_violation: { stage: RefusalStage.INPUT, categories: ['content_policy_violation'] },
  },
  imagesPerRequest: 1,
  givesUrls: true,
};

function submit({ json, path }: ScriptedRequest, { scene, memory, origin, host }: Stage): Reply {
  if (typeof (json as { prompt?: unknown } | undefined)?.prompt !== 'string') {
    return {
      status: 422,
      body: { detail: [{ loc: ['body', 'prompt'], msg: 'field required', type: 'missing' }] },
    };
  }
  if (scene.kind === 'status') {
    const headers = scene.retryAfter === undefined ? {} : { 'retry-after': String(scene.retryAfter) };
    return { status: scene.status, headers, body: { detail: `Status ${scene.status}` } };
  }
  const id = `request-${memory.size}`;
  memory.set(id, result({ scene, host }));
  const base = `${origin}/${path.split('/').slice(1, 3).join('/')}/requests/${id}`;
  return {
    status: 200,
    body: {
      request_id: id,
      status_url: `${base}/status`,
      response_url: base,
      cancel_url: `${base}/cancel`,
      queue_position: 0,
    },
  };
}

/** The answer of a job; undefined for one that never ends. */
function result({ scene, host }: Pick<Stage, 'scene' | 'host'>): Reply | undefined {
  const done = (images: readonly object[], flags: readonly boolean[]): Reply => ({
    status: 200,
    body: { images, has_nsfw_concepts: flags, seed: 7, prompt: 'a red apple on a table', timings: {} },
  });
  switch (scene.kind) {
    case 'images': {
      const images = scene.images.map((bytes) =>
        bytes === undefined ? {} : { url: host(bytes), width: 64, height: 64 },
      );
      return done(
        images,
        scene.images.map(() => false),
      );
    }
    case 'result_at':
      return done([{ url: scene.url }], [false]);
    case 'refusal':
      return scene.form === 'content_policy_violation'
        ? { status: 422, body: { detail: [POLICY] } }
        : done([{ url: 'http://never.invalid/black.png' }], [true]);
    default:
      return undefined;
  }
}

function follow({ method, path }: ScriptedRequest, { memory }: Stage): Reply {
  const id = /\/requests\/([^/]+)/.exec(path)?.[1] ?? '';
  if (!memory.has(id)) return { status: 404, body: { detail: 'Request not found' } };
  if (method === 'PUT') return { status: 202, body: { status: 'CANCELLATION_REQUESTED' } };
  const answer = memory.get(id) as Reply | undefined;
  if (path.endsWith('/status')) {
    return answer === undefined
      ? { status: 202, body: { status: 'IN_PROGRESS' } }
      : { status: 200, body: { status: 'COMPLETED' } };
  }
  return answer ?? { status: 400, body: { detail: 'Request is still in progress' } };
}
