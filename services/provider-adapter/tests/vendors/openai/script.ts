import { RefusalStage } from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import type { Reply, ScriptedRequest, Stage, VendorScript } from '../vendor-script.ts';

const KEY = 'sk-openai-test-key';

/** How OpenAI words a refusal, in the order in which the forms came up. */
const REFUSALS: Readonly<Record<string, object>> = {
  'stage input with categories': {
    message: 'Your request was rejected by the safety system.',
    type: 'image_generation_user_error',
    code: 'moderation_blocked',
    moderation_details: { moderation_stage: 'input', categories: ['Violence'] },
  },
  'stage output with categories': {
    message: 'The generated image was rejected by the safety system.',
    type: 'image_generation_user_error',
    code: 'moderation_blocked',
    moderation_details: { moderation_stage: 'output', categories: ['sexual', 'violence'] },
  },
  'categories in the message': {
    message: 'Your request was rejected by the safety system. safety_violations=[violence, sexual].',
    type: 'image_generation_user_error',
    code: 'moderation_blocked',
  },
};

/** What the server would say to a request that the vendor does not take; undefined for one that it does. */
function objection(request: ScriptedRequest, key: string): Reply | undefined {
  if (request.headers.authorization !== `Bearer ${key}`) {
    return error(401, 'Incorrect API key provided.', 'invalid_api_key');
  }
  const isForm = request.headers['content-type']?.startsWith('multipart/form-data') ?? false;
  const isEdit = request.path.endsWith('/edits');
  if (isForm !== isEdit) return error(400, 'Unsupported content type.', 'unsupported_content_type');
  const { prompt, model } = (request.json ?? {}) as { prompt?: unknown; model?: unknown };
  const isWhole = isEdit || (typeof prompt === 'string' && typeof model === 'string');
  return isWhole ? undefined : error(400, 'Missing required parameter.', 'missing_required_parameter');
}

/** An error in OpenAI's form. */
export function error(status: number, message: string, code: string | null = null): Reply {
  return { status, body: { error: { message, type: 'invalid_request_error', param: null, code } } };
}

/** Answers as OpenAI does, with the images in base64 and tokens counted. */
export function openaiReply(request: ScriptedRequest, { scene }: Stage): Reply | undefined {
  switch (scene.kind) {
    case 'images':
      return {
        status: 200,
        body: {
          created: 1_790_000_000,
          data: scene.images.map((bytes) =>
            bytes === undefined ? {} : { b64_json: bytes.toString('base64') },
          ),
          output_format: 'png',
          usage: {
            input_tokens: 20,
            input_tokens_details: { text_tokens: 12, image_tokens: 8 },
            output_tokens: 1_000,
            total_tokens: 1_020,
          },
        },
      };
    case 'refusal':
      return { status: 400, body: { error: REFUSALS[scene.form] } };
    case 'status':
      return {
        ...error(scene.status, `Status ${scene.status}.`),
        headers: scene.retryAfter === undefined ? {} : { 'retry-after': String(scene.retryAfter) },
      };
    case 'pending':
      return undefined;
    case 'result_at':
      throw new Error(`${request.path} gives no addresses`);
  }
}

export const openaiScript: VendorScript = {
  type: 'openai',
  model: 'gpt-image-2',
  env: (origin) => ({ PROVIDER_OPENAI_BASE_URL: `${origin}/v1`, PROVIDER_OPENAI_API_KEY: KEY }),
  isSubmit: ({ method, path }) => method === 'POST' && path.startsWith('/v1/images/'),
  reply: (request, stage) => objection(request, KEY) ?? openaiReply(request, stage),
  refusals: {
    'stage input with categories': { stage: RefusalStage.INPUT, categories: ['violence'] },
    'stage output with categories': { stage: RefusalStage.OUTPUT, categories: ['sexual', 'violence'] },
    'categories in the message': { stage: RefusalStage.UNSPECIFIED, categories: ['violence', 'sexual'] },
  },
  imagesPerRequest: 10,
  givesUrls: false,
};
