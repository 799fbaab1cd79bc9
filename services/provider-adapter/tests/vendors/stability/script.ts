import { RefusalStage } from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import type { Reply, ScriptedRequest, Stage, VendorScript } from '../vendor-script.ts';

const KEY = 'sk-stability-test-key';

/** An error in Stability's form. */
function error(status: number, name: string, message: string, headers = {}): Reply {
  return { status, headers, body: { id: 'a1b2', name, errors: [message] } };
}

const PICTURE = 'iVBORw0KGgoAAAANSUhEUg==';

const REFUSALS: Readonly<Record<string, Reply>> = {
  'a filtered image, blurred': {
    status: 200,
    body: { image: PICTURE, seed: 3, finish_reason: 'CONTENT_FILTERED' },
  },
  '403 content_moderation': error(
    403,
    'content_moderation',
    'Your request was flagged by our content moderation system.',
  ),
  '422 public_figure': error(422, 'public_figure', 'Public figures cannot be shown.'),
};

export const stabilityScript: VendorScript = {
  type: 'stability',
  model: 'stable-image-core',
  env: (origin) => ({ PROVIDER_STABILITY_BASE_URL: origin, PROVIDER_STABILITY_API_KEY: KEY }),
  isSubmit: ({ method }) => method === 'POST',
  reply: (request, stage) => objection(request) ?? reply(stage),
  refusals: {
    'a filtered image, blurred': { stage: RefusalStage.OUTPUT, categories: ['content_filtered'] },
    '403 content_moderation': { stage: RefusalStage.INPUT, categories: ['content_moderation'] },
    '422 public_figure': { stage: RefusalStage.INPUT, categories: ['public_figure'] },
  },
  imagesPerRequest: 1,
  givesUrls: false,
};

function objection({ headers, path }: ScriptedRequest): Reply | undefined {
  if (headers.authorization !== `Bearer ${KEY}`)
    return error(401, 'unauthorized', 'missing authorization header');
  if (!path.startsWith('/v2beta/stable-image/')) return error(404, 'not_found', 'no such path');
  if (!headers['content-type']?.startsWith('multipart/form-data'))
    return error(400, 'bad_request', 'not a form');
  return headers.accept === 'application/json' ? undefined : error(400, 'bad_request', 'accept: unsupported');
}

function reply({ scene }: Stage): Reply | undefined {
  switch (scene.kind) {
    case 'images': {
      const [bytes] = scene.images;
      if (bytes === undefined)
        return error(500, 'internal_error', 'An unexpected server error has occurred.');
      return { status: 200, body: { image: bytes.toString('base64'), seed: 343, finish_reason: 'SUCCESS' } };
    }
    case 'refusal':
      return REFUSALS[scene.form];
    case 'status': {
      const headers = scene.retryAfter === undefined ? {} : { 'retry-after': String(scene.retryAfter) };
      return error(scene.status, 'error', `Status ${scene.status}`, headers);
    }
    default:
      return undefined;
  }
}
