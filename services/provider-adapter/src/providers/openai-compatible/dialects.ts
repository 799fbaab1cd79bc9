import {
  FailureClass,
  RefusalStage,
} from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import type { JsonObject, JsonValue } from '@bufbuild/protobuf';
import { isObject } from '../http/one-image.ts';
import type { AnswerDialect } from '../openai/answer.ts';
import { type Produced, ProviderFailure } from '../provider.ts';

/** How a server that speaks OpenAI's protocol differs from it. */
export interface Dialect {
  /** Where the API is; empty where every instance has to say. */
  readonly baseUrl: string;
  /** Whether it can do without a credential, as servers that one runs oneself can. */
  readonly isSelfHosted: boolean;
  /** Path of the operation that takes images, below the base; absent where there is none. */
  readonly editPath?: string;
  /** How images go in: as parts of a form, as data URIs, bare base64, or as objects of type `image_url`. */
  readonly images: 'form' | 'data_uri' | 'base64' | 'image_url';
  /** Operations that take a form, where the others take JSON. */
  readonly formOperations?: readonly string[];
  /** Operations that have one model and no field for it. */
  readonly modelless?: readonly string[];
  /** What parts prompt and negative prompt, where both go in one field; it is taken out of what the caller wrote. */
  readonly negativeSeparator?: string;
  readonly answer: AnswerDialect;
}

/** Ticks in which xAI counts costs, of which 10,000,000,000 are a US dollar by its documentation (cost tracking, 2026). */
const TICKS_PER_MICRO_USD = 10_000;

/** Recraft's credits, which its documentation calls API units: 1,000 of them cost one US dollar. */
const MICRO_USD_PER_CREDIT = 1_000;

/** The dialects by name, which is also the type of an instance that speaks one. */
export const DIALECTS: Readonly<Record<string, Dialect>> = {
  'openai-compatible': {
    baseUrl: '',
    isSelfHosted: true,
    editPath: '/images/edits',
    images: 'form',
    answer: {},
  },
  xai: {
    baseUrl: 'https://api.x.ai/v1',
    isSelfHosted: false,
    editPath: '/images/edits',
    images: 'image_url',
    answer: {
      judge: (item) => (item.respect_moderation === false ? refused() : undefined),
      microUsd: ({ usage }) =>
        scaled(isObject(usage) ? usage.cost_in_usd_ticks : undefined, 1 / TICKS_PER_MICRO_USD),
    },
  },
  together: {
    baseUrl: 'https://api.together.xyz/v1',
    isSelfHosted: false,
    images: 'data_uri',
    answer: {},
  },
  recraft: {
    baseUrl: 'https://external.api.recraft.ai/v1',
    isSelfHosted: false,
    editPath: '/images/imageToImage',
    modelless: ['/images/removeBackground'],
    images: 'form',
    answer: {
      // Operations that make one picture of another answer with it alone.
      single: 'image',
      microUsd: ({ credits }) => scaled(credits, MICRO_USD_PER_CREDIT),
    },
  },
  localai: {
    baseUrl: '',
    isSelfHosted: true,
    images: 'base64',
    formOperations: ['/images/inpainting'],
    negativeSeparator: '|',
    answer: {},
  },
  'vllm-omni': { baseUrl: '', isSelfHosted: true, images: 'data_uri', answer: { judge: blank } },
  sglang: { baseUrl: '', isSelfHosted: true, editPath: '/images/edits', images: 'form', answer: {} },
};

function refused(): Produced {
  const refusal = {
    stage: RefusalStage.OUTPUT,
    categories: [],
    message: 'The provider’s moderation refused the image.',
  };
  return { kind: 'refusal', refusal };
}

/** A server that failed at one image of several gives an item with an empty string. */
function blank(item: JsonObject): Produced | undefined {
  if (item.b64_json !== '') return undefined;
  const failure = new ProviderFailure(FailureClass.UNAVAILABLE, 'The server did not make this image.');
  return { kind: 'failure', failure };
}

function scaled(value: JsonValue | undefined, factor: number): number | undefined {
  return typeof value === 'number' && value >= 0 ? value * factor : undefined;
}
