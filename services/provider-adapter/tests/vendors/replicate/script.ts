import { randomUUID } from 'node:crypto';
import { RefusalStage } from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import type { Reply, ScriptedRequest, Stage, VendorScript } from '../vendor-script.ts';

const TOKEN = 'r8_replicate-test-token';

/** Texts of failed predictions. */
const REFUSALS: Readonly<Record<string, string>> = {
  'NSFW found by the checker': 'NSFW content detected. Try running it again, or try a different prompt.',
  'flagged as sensitive, input or output':
    'The input or output was flagged as sensitive. Please try again with different inputs. (E005) (uIJ6l3ruRD)',
  'flagged as sensitive, output': 'The output was flagged as sensitive. Please try again. (E005)',
  'request moderated': 'Error generating image: Request Moderated',
  'content moderated': 'Error generating image: Content Moderated',
};

/** Bodies of predictions have these fields and no others. */
const BODY: readonly string[] = ['version', 'input', 'webhook', 'webhook_events_filter'];

/** Where predictions are made, below the base address. */
const SUBMIT =
  /^\/v1\/(predictions|models\/([^/]+\/[^/]+)\/predictions|deployments\/([^/]+\/[^/]+)\/predictions)$/;

/** A prediction that the script remembers: as it is now. */
export type Remembered = Readonly<Record<string, unknown>> & { readonly id: string };

export const replicateScript: VendorScript = {
  type: 'replicate',
  model: 'replicate-flux-dev',
  env: (origin) => ({ PROVIDER_REPLICATE_BASE_URL: `${origin}/v1`, PROVIDER_REPLICATE_API_KEY: TOKEN }),
  isSubmit: ({ method, path }) => method === 'POST' && SUBMIT.test(path),
  isCancel: ({ method, path }) => method === 'POST' && path.endsWith('/cancel'),
  reply(request, stage) {
    if (request.headers.authorization !== `Bearer ${TOKEN}`) {
      return problem(401, 'Unauthenticated', 'You did not pass an authentication token');
    }
    if (this.isSubmit(request)) return submit(request, stage);
    if (request.path === '/v1/files') return upload(request, stage);
    return look(request, stage);
  },
  refusals: {
    'NSFW found by the checker': { stage: RefusalStage.OUTPUT, categories: ['nsfw'] },
    'flagged as sensitive, input or output': { stage: RefusalStage.UNSPECIFIED, categories: ['sensitive'] },
    'flagged as sensitive, output': { stage: RefusalStage.OUTPUT, categories: ['sensitive'] },
    'request moderated': { stage: RefusalStage.INPUT, categories: ['moderation'] },
    'content moderated': { stage: RefusalStage.OUTPUT, categories: ['moderation'] },
    'an empty list, and NSFW in the log': { stage: RefusalStage.OUTPUT, categories: ['nsfw'] },
  },
  imagesPerRequest: 1,
  givesUrls: true,
  canLookUpLostSubmit: true,
};

function submit(request: ScriptedRequest, stage: Stage): Reply {
  const { scene, memory, origin } = stage;
  const body = request.json as Record<string, unknown> | undefined;
  const input = body?.input as Record<string, unknown> | undefined;
  const [, , model, deployment] = SUBMIT.exec(request.path) ?? [];
  const version = model === undefined && deployment === undefined ? body?.version : 'hidden';
  const extra = Object.keys(body ?? {}).filter((key) => !BODY.includes(key));
  if (typeof input?.prompt !== 'string' || extra.length > 0 || typeof version !== 'string') {
    return problem(422, 'Input validation failed', `- input: prompt is required; unexpected ${extra.join()}`);
  }
  if (!/^\d+s$/.test(request.headers['cancel-after'] ?? ''))
    return problem(400, 'Bad Request', 'no deadline');
  if (scene.kind === 'status') {
    const headers = scene.retryAfter === undefined ? {} : { 'retry-after': String(scene.retryAfter) };
    const detail =
      scene.status === 429 && scene.retryAfter === undefined
        ? 'Request was throttled. Your rate limit resets in ~0s.'
        : `Status ${scene.status}`;
    return { ...problem(scene.status, 'Error', detail), headers };
  }
  // Never the same twice, as with Replicate.
  const id = randomUUID().replaceAll('-', '').slice(0, 26);
  const prediction: Remembered = {
    id,
    model: model ?? 'owner/of-version',
    ...(deployment !== undefined && { deployment }),
    version,
    input,
    output: null,
    logs: '',
    error: null,
    data_removed: false,
    source: 'api',
    status: 'starting',
    created_at: new Date().toISOString(),
    urls: {
      get: `${origin}/v1/predictions/${id}`,
      cancel: `${origin}/v1/predictions/${id}/cancel`,
      web: `https://replicate.com/p/${id}`,
    },
  };
  memory.set(id, { ...prediction, ...ending(stage) });
  return { status: 201, body: prediction };
}

/** How a prediction will have ended when it is looked at. */
function ending({ scene, host }: Stage): Partial<Remembered> {
  const done = (output: unknown, logs = 'Using seed: 4711\n'): Partial<Remembered> => ({
    status: 'succeeded',
    output,
    logs,
    metrics: { predict_time: 2.5, total_time: 3.5 },
  });
  switch (scene.kind) {
    case 'images':
      return done(scene.images.flatMap((bytes) => (bytes === undefined ? [] : [host(bytes)])));
    case 'result_at':
      return done([scene.url]);
    case 'refusal': {
      const error = REFUSALS[scene.form];
      if (error === undefined) return done([], 'NSFW content detected in image 0\n');
      return { status: 'failed', error, metrics: { predict_time: 1 } };
    }
    default:
      return { status: 'processing', logs: ' 50%|#####     | 14/28 [00:01<00:01, 9.8it/s]' };
  }
}

function upload({ body }: ScriptedRequest, { memory, origin }: Stage): Reply {
  const id = `file${memory.size}`;
  memory.set(id, body);
  const urls = { get: `${origin}/v1/files/${id}` };
  return {
    status: 201,
    body: { id, urls, content_type: 'image/png', size: body.length, checksums: {}, metadata: {} },
  };
}

function look({ method, path, query }: ScriptedRequest, { memory, origin }: Stage): Reply {
  const predictions = [...memory.values()].filter(isPrediction);
  if (method === 'GET' && path === '/v1/predictions') {
    const after = Date.parse(query.get('created_after') ?? '');
    const results = predictions.filter(({ created_at }) => Date.parse(String(created_at)) >= after).reverse();
    const page = Number(query.get('cursor') ?? 0);
    const next = results.length > page + 100 ? `${origin}/v1/predictions?cursor=${page + 100}` : null;
    return { status: 200, body: { next, previous: null, results: results.slice(page, page + 100) } };
  }
  const id = /^\/v1\/predictions\/([^/]+)(\/cancel)?$/.exec(path)?.[1] ?? '';
  const prediction = predictions.find((each) => each.id === id);
  if (prediction === undefined) return problem(404, 'Not found', 'The requested resource does not exist');
  if (method === 'GET') return { status: 200, body: prediction };
  const canceled = { ...prediction, status: 'canceled' };
  memory.set(id, canceled);
  return { status: 200, body: canceled };
}

function isPrediction(value: unknown): value is Remembered {
  return typeof value === 'object' && value !== null && !Buffer.isBuffer(value);
}

/** An error as RFC 7807 has it. */
function problem(status: number, title: string, detail: string): Reply {
  return { status, body: { type: 'about:blank', title, status, detail } };
}
