import { RefusalStage } from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import { error, openaiReply } from '../openai/script.ts';
import type { VendorScript } from '../vendor-script.ts';

const KEY = 'azure-test-key';

/** The content filter's own form, besides the model's. */
const FILTERED = {
  message: 'The response was filtered.',
  code: 'content_policy_violation',
  inner_error: {
    code: 'ResponsibleAIPolicyViolation',
    content_filter_results: {
      violence: { filtered: true, severity: 'medium' },
      hate: { filtered: false, severity: 'safe' },
    },
  },
};

const REFUSALS: Readonly<Record<string, object>> = {
  'content filter': FILTERED,
  'moderation of the model': {
    message: 'Your request was rejected by the safety system. safety_violations=[sexual].',
    type: 'image_generation_user_error',
    code: 'moderation_blocked',
  },
};

export const azureScript: VendorScript = {
  type: 'azure-openai',
  model: 'azure-gpt-image-2',
  env: (origin) => ({ PROVIDER_AZURE_OPENAI_BASE_URL: origin, PROVIDER_AZURE_OPENAI_API_KEY: KEY }),
  isSubmit: ({ method, path }) => method === 'POST' && path.startsWith('/openai/v1/images/'),
  reply(request, stage) {
    if (request.headers['api-key'] !== KEY)
      return error(401, 'Access denied due to invalid subscription key.');
    const { scene } = stage;
    return scene.kind === 'refusal'
      ? { status: 400, body: { error: REFUSALS[scene.form] } }
      : openaiReply(request, stage);
  },
  refusals: {
    'content filter': { stage: RefusalStage.UNSPECIFIED, categories: ['violence'] },
    'moderation of the model': { stage: RefusalStage.UNSPECIFIED, categories: ['sexual'] },
  },
  imagesPerRequest: 10,
  givesUrls: false,
};
