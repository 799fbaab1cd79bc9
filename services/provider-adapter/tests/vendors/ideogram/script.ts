import { RefusalStage } from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import type { Reply, ScriptedRequest, Stage, VendorScript } from '../vendor-script.ts';

const KEY = 'ideogram-test-key';

const REFUSED_FORM = '422 of the safety check';
const UNSAFE_FORM = 'an unsafe image in a 200';

export const ideogramScript: VendorScript = {
  type: 'ideogram',
  model: 'ideogram-3',
  env: (origin) => ({ PROVIDER_IDEOGRAM_BASE_URL: origin, PROVIDER_IDEOGRAM_API_KEY: KEY }),
  isSubmit: ({ method }) => method === 'POST',
  reply: (request, stage) => objection(request) ?? reply(stage),
  refusals: {
    [REFUSED_FORM]: { stage: RefusalStage.INPUT, categories: ['safety'] },
    [UNSAFE_FORM]: { stage: RefusalStage.OUTPUT, categories: ['safety'] },
  },
  imagesPerRequest: 1,
  givesUrls: true,
};

function objection({ headers, method, path, body }: ScriptedRequest): Reply | undefined {
  if (headers['api-key'] !== KEY) return { status: 401 };
  if (headers.authorization !== undefined) return { status: 400, body: { error: 'no bearer tokens here' } };
  if (method !== 'POST' || path !== '/v1/ideogram-v3/generate') return { status: 404 };
  if (!headers['content-type']?.startsWith('multipart/form-data')) return { status: 415 };
  const hasPrompt = /name="prompt"\r\n\r\n[^\r]/.test(body.toString('latin1'));
  return hasPrompt ? undefined : { status: 400, body: { error: 'prompt is required' } };
}

const image = (more: object) => ({
  prompt: 'a red apple on a table',
  resolution: '1024x1024',
  is_image_safe: true,
  seed: 12345,
  style_type: 'GENERAL',
  ...more,
});

function reply({ scene, host }: Stage): Reply | undefined {
  const made = (data: readonly object[]): Reply => ({
    status: 200,
    body: { created: '2026-11-28T12:00:00Z', data },
  });
  switch (scene.kind) {
    case 'images': {
      const [bytes] = scene.images;
      if (bytes === undefined) return { status: 500, body: { error: 'An unexpected error occurred.' } };
      return made([image({ url: host(bytes) })]);
    }
    case 'result_at':
      return made([image({ url: scene.url })]);
    case 'refusal':
      return scene.form === UNSAFE_FORM
        ? made([image({ url: null, is_image_safe: false })])
        : { status: 422, body: { error: 'Prompt failed the safety check: a red apple on a table.' } };
    case 'status': {
      const headers = scene.retryAfter === undefined ? {} : { 'retry-after': String(scene.retryAfter) };
      return { status: scene.status, headers, body: { error: `Status ${scene.status}` } };
    }
    default:
      return undefined;
  }
}
