import { RefusalStage } from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import type { Reply, ScriptedRequest, Stage, VendorScript } from '../vendor-script.ts';
import { signatureFault } from './verify-signature.ts';

export const KEYS = {
  accessKeyId: 'AKIABEDROCKTESTKEY',
  secretAccessKey: 'bedrock/test+secret/access+key',
  sessionToken: 'FwoGZXIvYXdzEBEaDHRlc3Q//////////w==',
};

export const REGION = 'us-west-2';

/** An exception as Bedrock's runtime tells it: the name in a header. */
export function exception(status: number, name: string, message: string, headers = {}): Reply {
  return {
    status,
    headers: { 'x-amzn-errortype': `${name}:http://internal.amazon.com/coral/`, ...headers },
    body: { message },
  };
}

const REFUSALS: Readonly<Record<string, Reply>> = {
  'filtered prompt': { status: 200, body: { finish_reasons: ['Filter reason: prompt'] } },
  'filtered input image': { status: 200, body: { finish_reasons: ['Filter reason: input image'] } },
  'filtered output image': {
    status: 200,
    body: { seeds: [7], finish_reasons: ['Filter reason: output image'], images: ['iVBORw0KGgo='] },
  },
  'a filter without a name': { status: 200, body: { finish_reasons: ['Filter reason: likeness'] } },
  'a moderated request': {
    status: 200,
    body: {
      id: 'a1',
      status: 'Request Moderated',
      result: null,
      progress: null,
      details: { 'Moderation Reasons': ['Derivative Works Filter'] },
      preview: null,
    },
  },
  "an error of Amazon's models": {
    status: 200,
    body: {
      images: [],
      error: 'Some of the generated images have been blocked by our content filters.',
    },
  },
  'an exception about filtered words': exception(
    400,
    'ValidationException',
    "(400, 'invalid_prompts', 'One or more prompts contains filtered words: a red apple on a table')",
  ),
  'an exception about a content filter': exception(
    400,
    'ValidationException',
    'This request has been blocked by our content filters.',
  ),
};

export const bedrockScript: VendorScript = {
  type: 'bedrock',
  model: 'bedrock-stable-image-core',
  env: (origin) => ({
    PROVIDER_BEDROCK_BASE_URL: origin,
    PROVIDER_BEDROCK_REGION: REGION,
    PROVIDER_BEDROCK_ACCESS_KEY_ID: KEYS.accessKeyId,
    PROVIDER_BEDROCK_SECRET_ACCESS_KEY: KEYS.secretAccessKey,
    PROVIDER_BEDROCK_SESSION_TOKEN: KEYS.sessionToken,
  }),
  isSubmit: ({ method }) => method === 'POST',
  reply: (request, stage) => objection(request) ?? reply(stage),
  refusals: {
    'filtered prompt': { stage: RefusalStage.INPUT, categories: ['prompt'] },
    'filtered input image': { stage: RefusalStage.INPUT, categories: ['input_image'] },
    'filtered output image': { stage: RefusalStage.OUTPUT, categories: ['output_image'] },
    'a filter without a name': { stage: RefusalStage.UNSPECIFIED, categories: [] },
    'a moderated request': { stage: RefusalStage.INPUT, categories: ['derivative works filter'] },
    "an error of Amazon's models": { stage: RefusalStage.OUTPUT, categories: ['content_filter'] },
    'an exception about filtered words': { stage: RefusalStage.INPUT, categories: ['content_filter'] },
    'an exception about a content filter': { stage: RefusalStage.INPUT, categories: ['content_filter'] },
  },
  imagesPerRequest: 1,
  givesUrls: false,
};

function objection(request: ScriptedRequest): Reply | undefined {
  const { headers, path, json } = request;
  const fault = signatureFault(request, { ...KEYS, region: REGION, service: 'bedrock', now: new Date() });
  if (fault !== undefined) {
    const [name = '', message = ''] = fault.split(': ');
    return exception(403, name, message);
  }
  if (path !== '/model/stability.stable-image-core-v1%3A1/invoke')
    return exception(404, 'ResourceNotFoundException', 'Could not resolve the foundation model');
  if (headers['content-type'] !== 'application/json' || headers.accept !== 'application/json')
    return exception(400, 'ValidationException', 'The media type is not supported');
  const { prompt } = (json ?? {}) as { prompt?: unknown };
  return typeof prompt === 'string'
    ? undefined
    : exception(400, 'ValidationException', 'Malformed input request: required key [prompt] not found');
}

function reply({ scene }: Stage): Reply | undefined {
  switch (scene.kind) {
    case 'images': {
      const [bytes] = scene.images;
      if (bytes === undefined) return { status: 200, body: { finish_reasons: ['Inference error'] } };
      const images = [bytes.toString('base64')];
      return { status: 200, body: { seeds: [2130420379], finish_reasons: [null], images } };
    }
    case 'refusal':
      return REFUSALS[scene.form];
    case 'status': {
      const headers = scene.retryAfter === undefined ? {} : { 'retry-after': String(scene.retryAfter) };
      return exception(scene.status, 'SomeException', `Status ${scene.status}`, headers);
    }
    default:
      return undefined;
  }
}
