import {
  FailureClass,
  RefusalStage,
} from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import type { JsonObject, JsonValue } from '@bufbuild/protobuf';
import type { Units } from '../../pricing/price.ts';
import type { JsonAnswer } from '../http/answer.ts';
import { type Produced, type ProviderAnswer, ProviderFailure, ProviderRefusal } from '../provider.ts';

/** Reasons for which a candidate ends without its image because of what it shows. */
const REFUSED: ReadonlySet<unknown> = new Set([
  'IMAGE_SAFETY',
  'IMAGE_PROHIBITED_CONTENT',
  'IMAGE_RECITATION',
  'IMAGE_OTHER',
  'NO_IMAGE',
  'SAFETY',
  'PROHIBITED_CONTENT',
  'BLOCKLIST',
  'RECITATION',
  'SPII',
]);

/** Reads an answer. Refusals come in a 200: of the prompt as feedback, of the image as the reason why it ended. */
export function readContent({ json, image }: JsonAnswer): ProviderAnswer {
  const blocked = object(json.promptFeedback).blockReason;
  if (typeof blocked === 'string' && blocked !== 'BLOCK_REASON_UNSPECIFIED') {
    const message = 'The provider’s moderation refused the request.';
    throw new ProviderRefusal({ stage: RefusalStage.INPUT, categories: [blocked.toLowerCase()], message });
  }
  const candidates = list(json.candidates);
  if (candidates.length === 0)
    throw new ProviderFailure(FailureClass.BAD_ANSWER, 'The provider answered without candidates.');
  return {
    images: candidates.map((candidate) => produced(candidate, image)),
    units: unitsOf(object(json.usageMetadata)),
  };
}

function produced(candidate: JsonObject, image: JsonAnswer['image']): Produced {
  // Pictures that a model drew while it thought are no results.
  const parts = list(object(candidate.content).parts).filter(({ thought }) => thought !== true);
  const bytes = parts
    .map(({ inlineData }) => image(object(inlineData).data))
    .findLast((found) => found !== undefined);
  if (bytes !== undefined) return { kind: 'image', bytes };
  const { finishReason } = candidate;
  if (REFUSED.has(finishReason)) {
    const categories = [String(finishReason).toLowerCase()];
    const message = 'The provider’s moderation refused the image.';
    return { kind: 'refusal', refusal: { stage: RefusalStage.OUTPUT, categories, message } };
  }
  const failure = new ProviderFailure(
    FailureClass.BAD_ANSWER,
    'The provider answered in words, without an image.',
  );
  return { kind: 'failure', failure };
}

/** Tokens by what they stand for, since text and images have prices of their own. */
function unitsOf(usage: JsonObject): Units | undefined {
  const { promptTokenCount: input, candidatesTokenCount: output, thoughtsTokenCount: thoughts } = usage;
  if (typeof output !== 'number') return undefined;
  const imageInput = tokensOfImages(usage.promptTokensDetails) ?? 0;
  const imageOutput = tokensOfImages(usage.candidatesTokensDetails) ?? output;
  return {
    input_token: typeof input === 'number' ? input - imageInput : 0,
    input_image_token: imageInput,
    output_token: imageOutput,
    output_text_token: output - imageOutput + (typeof thoughts === 'number' ? thoughts : 0),
  };
}

function tokensOfImages(details: JsonValue | undefined): number | undefined {
  if (!Array.isArray(details)) return undefined;
  const ofImages = list(details).filter(({ modality }) => modality === 'IMAGE');
  return ofImages.reduce((sum, { tokenCount }) => sum + (typeof tokenCount === 'number' ? tokenCount : 0), 0);
}

function list(value: JsonValue | undefined): JsonObject[] {
  return Array.isArray(value) ? value.map((item) => object(item)) : [];
}

function object(value: JsonValue | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}
