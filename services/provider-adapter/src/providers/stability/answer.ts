import {
  FailureClass,
  RefusalStage,
} from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import type { JsonAnswer } from '../http/answer.ts';
import { reportedSeed } from '../http/one-image.ts';
import { type ProviderAnswer, ProviderFailure } from '../provider.ts';
import { refusal } from './errors.ts';

/** Reads the one image of an answer. A filtered one comes blurred in a 200: it is a refusal, and its bytes are dropped. */
export function readImage({ json, image }: JsonAnswer): ProviderAnswer {
  if (json.finish_reason === 'CONTENT_FILTERED') throw refusal(RefusalStage.OUTPUT, 'content_filtered');
  const bytes = image(json.image);
  if (bytes === undefined) {
    throw new ProviderFailure(FailureClass.BAD_ANSWER, 'The provider answered without an image.');
  }
  return { images: [{ kind: 'image', bytes, seed: reportedSeed(json.seed) }] };
}
