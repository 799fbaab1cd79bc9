import { RefusalStage } from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import { error } from '../openai/script.ts';
import type { Reply, ScriptedRequest, Stage, VendorScript } from '../vendor-script.ts';

/** What of a dialect its script needs. */
interface Traits {
  readonly type: string;
  readonly model: string;
  /** Whether the server wants a key. */
  readonly hasKey: boolean;
  /** The field of a request that must have one of these values, whatever else it has. */
  readonly wants?: readonly [field: string, values: readonly unknown[]];
  readonly givesUrls?: boolean;
  readonly imagesPerRequest: number;
  readonly refusals?: VendorScript['refusals'];
  /** What an answer has beside its images. */
  readonly extras?: object;
  /** An item for an image that was not made. */
  readonly missing?: object;
}

const TRAITS: readonly Traits[] = [
  {
    type: 'xai',
    model: 'grok-imagine-image-2.0',
    hasKey: true,
    wants: ['response_format', ['b64_json', 'url']],
    givesUrls: true,
    imagesPerRequest: 10,
    refusals: {
      'respect_moderation false': { stage: RefusalStage.OUTPUT },
      'rejected in a 400': { stage: RefusalStage.UNSPECIFIED },
    },
    extras: { usage: { cost_in_usd_ticks: 200_000_000 } },
  },
  {
    type: 'together',
    model: 'together-flux-1-schnell',
    hasKey: true,
    wants: ['response_format', ['base64', 'url']],
    givesUrls: true,
    imagesPerRequest: 1,
  },
  {
    type: 'recraft',
    model: 'recraft-v4.1',
    hasKey: true,
    wants: ['response_format', ['url', 'b64_json']],
    givesUrls: true,
    imagesPerRequest: 1,
    extras: { credits: 35 },
  },
  { type: 'localai', model: 'localai-stablediffusion', hasKey: false, givesUrls: true, imagesPerRequest: 4 },
  {
    type: 'vllm-omni',
    model: 'vllm-omni-qwen-image',
    hasKey: false,
    imagesPerRequest: 1,
    missing: { b64_json: '' },
  },
  { type: 'sglang', model: 'sglang-flux-1-dev', hasKey: false, givesUrls: true, imagesPerRequest: 1 },
];

/** How xAI words a refusal that it gives as an error. */
const REJECTED = {
  code: 'Client specified an invalid argument',
  error: 'Generated image rejected by content moderation.',
};

/** A script for each dialect that has a server of its own. */
export const dialectScripts: readonly VendorScript[] = TRAITS.map((traits) => {
  const key = `${traits.type}-test-key`;
  const prefix = `PROVIDER_${traits.type.toUpperCase().replaceAll('-', '_')}`;
  return {
    type: traits.type,
    model: traits.model,
    env: (origin) => ({
      [`${prefix}_BASE_URL`]: `${origin}/v1`,
      ...(traits.hasKey && { [`${prefix}_API_KEY`]: key }),
    }),
    isSubmit: ({ method, path }) => method === 'POST' && path.startsWith('/v1/images/'),
    reply: (request, stage) => objection(request, traits, key) ?? reply(stage, traits),
    refusals: traits.refusals ?? {},
    imagesPerRequest: traits.imagesPerRequest,
    givesUrls: traits.givesUrls ?? false,
  };
});

function objection(
  { headers, json }: ScriptedRequest,
  { hasKey, wants }: Traits,
  key: string,
): Reply | undefined {
  if (hasKey && headers.authorization !== `Bearer ${key}`) return error(401, 'Invalid API key.');
  const body = json as Readonly<Record<string, unknown>> | undefined;
  if (typeof body?.prompt !== 'string' || typeof body.model !== 'string') return error(400, 'Invalid body.');
  if (wants !== undefined && !wants[1].includes(body[wants[0]])) return error(400, `Invalid ${wants[0]}.`);
  return undefined;
}

function reply({ scene, host }: Stage, { givesUrls, extras, missing = {} }: Traits): Reply | undefined {
  switch (scene.kind) {
    case 'images': {
      // Every other one by its address, where the server gives addresses.
      const data = scene.images.map((bytes, index) => {
        if (bytes === undefined) return missing;
        return givesUrls && index % 2 === 0 ? { url: host(bytes) } : { b64_json: bytes.toString('base64') };
      });
      return { status: 200, body: { created: 1, data, ...extras } };
    }
    case 'refusal':
      if (scene.form === 'rejected in a 400') return { status: 400, body: REJECTED };
      return { status: 200, body: { data: [{ url: '', respect_moderation: false }], ...extras } };
    case 'status':
      return {
        ...error(scene.status, `Status ${scene.status}.`),
        headers: scene.retryAfter === undefined ? {} : { 'retry-after': String(scene.retryAfter) },
      };
    case 'pending':
      return undefined;
    case 'result_at':
      return { status: 200, body: { created: 1, data: [{ url: scene.url }], ...extras } };
  }
}
