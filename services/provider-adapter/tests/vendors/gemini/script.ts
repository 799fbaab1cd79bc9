import { RefusalStage } from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import type { Reply, ScriptedRequest, Stage, VendorScript } from '../vendor-script.ts';

const KEY = 'gemini-test-key';

const FINISH_REASONS = [
  'IMAGE_SAFETY',
  'IMAGE_PROHIBITED_CONTENT',
  'IMAGE_RECITATION',
  'IMAGE_OTHER',
  'NO_IMAGE',
  'SAFETY',
  'PROHIBITED_CONTENT',
  'BLOCKLIST',
  'SPII',
];

function error(code: number, status: string, message: string, details: readonly object[] = []): Reply {
  return { status: code, body: { error: { code, message, status, details } } };
}

export const geminiScript: VendorScript = {
  type: 'gemini',
  model: 'gemini-3-pro-image',
  env: (origin) => ({ PROVIDER_GEMINI_BASE_URL: `${origin}/v1beta`, PROVIDER_GEMINI_API_KEY: KEY }),
  isSubmit: ({ method, path }) => method === 'POST' && path.endsWith(':generateContent'),
  reply: (request, stage) => objection(request) ?? reply(stage),
  refusals: {
    'blocked prompt': { stage: RefusalStage.INPUT, categories: ['prohibited_content'] },
    ...Object.fromEntries(
      FINISH_REASONS.map((reason) => [
        reason,
        { stage: RefusalStage.OUTPUT, categories: [reason.toLowerCase()] },
      ]),
    ),
  },
  imagesPerRequest: 1,
  givesUrls: false,
};

function objection({ headers, json }: ScriptedRequest): Reply | undefined {
  if (headers['x-goog-api-key'] !== KEY) return error(401, 'UNAUTHENTICATED', 'API key not valid.');
  const { contents, generationConfig } = (json ?? {}) as {
    contents?: { parts?: unknown[] }[];
    generationConfig?: { responseModalities?: unknown[] };
  };
  const isWhole = contents?.[0]?.parts?.length && generationConfig?.responseModalities?.includes('IMAGE');
  return isWhole ? undefined : error(400, 'INVALID_ARGUMENT', 'contents is not specified');
}

function reply({ scene }: Stage): Reply | undefined {
  switch (scene.kind) {
    case 'images':
      return answer(scene.images.map(candidate));
    case 'refusal':
      return scene.form === 'blocked prompt'
        ? { status: 200, body: { promptFeedback: { blockReason: 'PROHIBITED_CONTENT' } } }
        : answer([{ finishReason: scene.form, content: { parts: [] } }]);
    case 'status': {
      const { retryAfter } = scene;
      const details =
        retryAfter === undefined
          ? []
          : [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: `${retryAfter}s` }];
      return error(scene.status, 'STATUS', `Status ${scene.status}`, details);
    }
    default:
      return undefined;
  }
}

function answer(candidates: readonly object[]): Reply {
  const usageMetadata = {
    promptTokenCount: 10,
    candidatesTokenCount: 1_300,
    candidatesTokensDetails: [{ modality: 'IMAGE', tokenCount: 1_290 }],
    thoughtsTokenCount: 40,
    totalTokenCount: 1_350,
  };
  return { status: 200, body: { candidates, usageMetadata, modelVersion: 'gemini-3-pro-image' } };
}

/** A draft while thinking, words, and the picture. */
function candidate(bytes: Buffer | undefined): object {
  if (bytes === undefined)
    return { finishReason: 'STOP', content: { parts: [{ text: 'I cannot draw this.' }] } };
  const data = bytes.toString('base64');
  const parts = [
    { inlineData: { mimeType: 'image/png', data: 'aW4gdGhvdWdodA==' }, thought: true },
    { text: 'Here it is.' },
    { inlineData: { mimeType: 'image/png', data } },
  ];
  return { finishReason: 'STOP', content: { role: 'model', parts } };
}
