import {
  FailureClass,
  RefusalStage,
} from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import type { JsonObject } from '@bufbuild/protobuf';
import type { JsonAnswer } from '../http/answer.ts';
import { leftOut, oneImage, reportedSeed, rewritten } from '../http/one-image.ts';
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
  const seed = reportedSeed(json.seed);
  const revisedPrompt = rewritten(json.prompt, job.submission.body.prompt);
  const images: Produced[] = [];
  for (const [index, item] of items.entries()) {
    images.push(flags[index] === true ? refused() : await oneImage(() => produced(item?.url)));
  }
  return { images, jobId };

  async function produced(url: unknown): Promise<Produced> {
    if (typeof url !== 'string') throw leftOut();
    // What is no address is the image itself in a data URI, of which a mark is left where it went to disk.
    const bytes = /^https?:/i.test(url) ? await job.download(url) : image(url);
    if (bytes === undefined) throw leftOut();
    return { kind: 'image', bytes, seed, revisedPrompt };
  }
}

function refused(): Produced {
  const message = 'The provider’s checker flagged the image.';
  return { kind: 'refusal', refusal: { stage: RefusalStage.OUTPUT, categories: ['nsfw'], message } };
}
