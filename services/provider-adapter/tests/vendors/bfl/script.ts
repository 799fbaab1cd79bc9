import { RefusalStage } from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import type { Reply, ScriptedRequest, Stage, VendorScript } from '../vendor-script.ts';

const KEY = 'bfl-test-key';

const STATUSES: Readonly<Record<string, object>> = {
  'Request Moderated': {
    status: 'Request Moderated',
    details: { 'Moderation Reasons': ['Derivative Works Filter'] },
  },
  'Content Moderated': { status: 'Content Moderated', details: { 'Moderation Reasons': ['Violence'] } },
};

export const bflScript: VendorScript = {
  type: 'bfl',
  model: 'flux-2-pro',
  env: (origin) => ({ PROVIDER_BFL_BASE_URL: origin, PROVIDER_BFL_API_KEY: KEY }),
  isSubmit: ({ method }) => method === 'POST',
  reply(request, stage) {
    if (request.headers['x-key'] !== KEY) return { status: 401, body: { detail: 'Not authenticated' } };
    return request.method === 'POST' ? submit(request, stage) : look(request, stage);
  },
  refusals: {
    'Request Moderated': { stage: RefusalStage.INPUT, categories: ['derivative works filter'] },
    'Content Moderated': { stage: RefusalStage.OUTPUT, categories: ['violence'] },
  },
  imagesPerRequest: 1,
  givesUrls: true,
};

function submit({ json }: ScriptedRequest, { scene, memory, origin, host }: Stage): Reply {
  if (typeof (json as { prompt?: unknown } | undefined)?.prompt !== 'string') {
    return {
      status: 422,
      body: { detail: [{ loc: ['body', 'prompt'], msg: 'Field required', type: 'missing' }] },
    };
  }
  if (scene.kind === 'status') {
    const headers = scene.retryAfter === undefined ? {} : { 'retry-after': String(scene.retryAfter) };
    return { status: scene.status, headers, body: { detail: `Status ${scene.status}` } };
  }
  const id = `task-${memory.size}`;
  memory.set(id, ending({ scene, host }));
  const pollingUrl = `${origin}/v1/get_result?id=${id}`;
  return { status: 200, body: { id, polling_url: pollingUrl, cost: 3, input_mp: 0, output_mp: 1 } };
}

/** How a job will have ended when it is looked at. */
function ending({ scene, host }: Pick<Stage, 'scene' | 'host'>): object {
  switch (scene.kind) {
    case 'images': {
      const [bytes] = scene.images;
      if (bytes === undefined) return { status: 'Error', result: null };
      return { status: 'Ready', result: { sample: host(bytes), seed: 7, prompt: 'a red apple on a table' } };
    }
    case 'refusal':
      return STATUSES[scene.form] ?? {};
    case 'result_at':
      return { status: 'Ready', result: { sample: scene.url } };
    default:
      return { status: 'Pending', progress: 0.5 };
  }
}

function look({ path, query }: ScriptedRequest, { memory }: Stage): Reply {
  const id = query.get('id') ?? '';
  if (path !== '/v1/get_result') return { status: 404, body: { detail: 'Not Found' } };
  const ended = memory.get(id) as object | undefined;
  return { status: 200, body: { id, ...(ended ?? { status: 'Task not found' }) } };
}
