import {
  FailureClass,
  RefusalStage,
} from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import type { JsonObject, JsonValue } from '@bufbuild/protobuf';
import { leftOut, oneImage, reportedSeed, rewritten } from '../http/one-image.ts';
import type { Job } from '../http/protocol.ts';
import { type Produced, type ProviderAnswer, ProviderFailure } from '../provider.ts';

/** Reads the images of an answer. One that did not pass the checks comes without an address in a 200: a refusal. */
export async function readImages({ data }: JsonObject, job: Job): Promise<ProviderAnswer> {
  const items = Array.isArray(data) ? data : [];
  if (items.length === 0) {
    throw new ProviderFailure(FailureClass.BAD_ANSWER, 'The provider answered without images.');
  }
  const images: Produced[] = [];
  for (const item of items) images.push(await oneImage(() => produced(item, job)));
  return { images };
}

async function produced(item: JsonValue, job: Job): Promise<Produced> {
  const { url, is_image_safe: isSafe, seed, prompt } = (item ?? {}) as JsonObject;
  if (isSafe === false) {
    const message = 'The image did not pass the provider’s safety checks.';
    return { kind: 'refusal', refusal: { stage: RefusalStage.OUTPUT, categories: ['safety'], message } };
  }
  if (typeof url !== 'string' || url === '') throw leftOut();
  const bytes = await job.download(url);
  return {
    kind: 'image',
    bytes,
    seed: reportedSeed(seed),
    revisedPrompt: rewritten(prompt, sentPrompt(job)),
  };
}

/** Ideogram 4.0 has its prompt under another name. */
function sentPrompt({ submission: { body } }: Job): JsonValue | undefined {
  return body.prompt ?? body.text_prompt;
}
