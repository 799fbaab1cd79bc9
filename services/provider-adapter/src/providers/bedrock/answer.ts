import {
  FailureClass,
  RefusalStage,
} from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import type { JsonObject, JsonValue } from '@bufbuild/protobuf';
import type { JsonAnswer } from '../http/answer.ts';
import { type Produced, type ProviderAnswer, ProviderFailure, ProviderRefusal } from '../provider.ts';
import { isFiltered, refusalOf } from './errors.ts';

/** The reasons that Stability's models give in place of an image. */
const FILTERS: Readonly<Record<string, readonly [RefusalStage, category: string]>> = {
  'Filter reason: prompt': [RefusalStage.INPUT, 'prompt'],
  'Filter reason: input image': [RefusalStage.INPUT, 'input_image'],
  'Filter reason: output image': [RefusalStage.OUTPUT, 'output_image'],
};

/**
 * Reads an answer of any image model: of Stability's, which have a reason beside each image, and of Amazon's own, which
 * have images or an error. `asked` is how many images there should be.
 */
export function readInvocation({ json, image }: JsonAnswer, asked: number): ProviderAnswer {
  const moderated = moderation(json);
  if (moderated !== undefined) throw moderated;
  const items = list(json.images);
  const reasons = list(json.finish_reasons);
  const seeds = list(json.seeds);
  const length = Math.max(items.length, reasons.length);
  const images = Array.from({ length }, (_, index): Produced => {
    const reason = reasons[index];
    if (typeof reason === 'string') return unmade(reason);
    const bytes = image(items[index]);
    if (bytes === undefined) return failed('The provider left out this image.');
    return { kind: 'image', bytes, seed: seedOf(seeds[index]) };
  });
  if (typeof json.error === 'string' && json.error !== '') {
    while (images.length < asked) images.push(withError(json.error));
  }
  if (images.length === 0) {
    throw new ProviderFailure(FailureClass.BAD_ANSWER, 'The provider answered without images.');
  }
  return { images };
}

/** An answer that is a moderation's verdict on the whole request. */
function moderation({ status, details }: JsonObject): ProviderRefusal | undefined {
  if (status !== 'Request Moderated' && status !== 'Content Moderated') return undefined;
  const isOfRequest = status === 'Request Moderated';
  const reasons = (details as JsonObject | null | undefined)?.['Moderation Reasons'];
  return new ProviderRefusal({
    stage: isOfRequest ? RefusalStage.INPUT : RefusalStage.OUTPUT,
    categories: list(reasons).map((reason) => String(reason).toLowerCase()),
    message: `The provider’s moderation refused the ${isOfRequest ? 'request' : 'image'}.`,
  });
}

/** What stands in for an image that has a reason; with one that nobody knows, its bytes are not trusted either. */
function unmade(reason: string): Produced {
  const [stage, category] = FILTERS[reason] ?? [];
  if (stage !== undefined && category !== undefined) {
    const message = `The provider’s filter refused the ${category.replace('_', ' ')}.`;
    return { kind: 'refusal', refusal: { stage, categories: [category], message } };
  }
  if (/^filter/i.test(reason)) {
    const message = 'The provider’s filter refused the image.';
    return { kind: 'refusal', refusal: { stage: RefusalStage.UNSPECIFIED, categories: [], message } };
  }
  const isKnown = reason === 'Inference error';
  return isKnown
    ? failed('The model failed at this image.', FailureClass.UNAVAILABLE)
    : failed('The provider gave a reason against this image that is not known.');
}

function withError(error: string): Produced {
  if (isFiltered(error)) return { kind: 'refusal', refusal: refusalOf(error).refusal };
  return failed('The provider answered with an error in place of this image.');
}

function failed(message: string, failureClass: FailureClass = FailureClass.BAD_ANSWER): Produced {
  return { kind: 'failure', failure: new ProviderFailure(failureClass, message) };
}

/** Seeds come as numbers, and by the documentation as text. */
function seedOf(seed: JsonValue | undefined): bigint | undefined {
  const isWhole = Number.isSafeInteger(seed) || (typeof seed === 'string' && /^\d{1,19}$/.test(seed));
  return isWhole ? BigInt(seed as number | string) : undefined;
}

function list(value: JsonValue | undefined): JsonValue[] {
  return Array.isArray(value) ? value : [];
}
