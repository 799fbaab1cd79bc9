import {
  FailureClass,
  RefusalStage,
} from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import type { JsonObject } from '@bufbuild/protobuf';
import type { JsonAnswer } from '../http/answer.ts';
import type { Job } from '../http/protocol.ts';
import { type Produced, type ProviderAnswer, ProviderFailure } from '../provider.ts';

/** Reads a result. An image that its checker flagged is black or blurred: a refusal, whose bytes are not even fetched. */
export async function readResult(
  { json, image }: JsonAnswer,
  job: Job,
  jobId?: string,
): Promise<ProviderAnswer> {
  const single = json.image === undefined ? [] : [json.image];
  const items = (Array.isArray(json.images) ? json.images : single) as (JsonObject | null)[];
  if (items.length === 0)
    throw new ProviderFailure(FailureClass.BAD_ANSWER, 'The provider answered without images.');
  const flags = Array.isArray(json.has_nsfw_concepts) ? json.has_nsfw_concepts : [];
  const seed =
    typeof json.seed === 'number' && Number.isSafeInteger(json.seed) ? BigInt(json.seed) : undefined;
  const revisedPrompt =
    typeof json.prompt === 'string' && json.prompt !== job.submission.body.prompt ? json.prompt : undefined;
  const images: Produced[] = [];
  for (const [index, item] of items.entries()) {
    images.push(flags[index] === true ? refused() : await produced(item?.url));
  }
  return { images, jobId };

  async function produced(url: unknown): Promise<Produced> {
    try {
      if (typeof url !== 'string')
        throw new ProviderFailure(FailureClass.BAD_ANSWER, 'The provider left out this image.');
      // What is no address is the image itself in a data URI, of which a mark is left where it went to disk.
      const bytes = /^https?:/i.test(url) ? await job.download(url) : image(url);
      if (bytes === undefined)
        throw new ProviderFailure(FailureClass.BAD_ANSWER, 'The provider left out this image.');
      return { kind: 'image', bytes, seed, revisedPrompt };
    } catch (failure) {
      if (failure instanceof ProviderFailure) return { kind: 'failure', failure };
      throw failure;
    }
  }
}

function refused(): Produced {
  const message = 'The provider’s checker flagged the image.';
  return { kind: 'refusal', refusal: { stage: RefusalStage.OUTPUT, categories: ['nsfw'], message } };
}
