import { FailureClass } from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import type { JsonObject, JsonValue } from '@bufbuild/protobuf';
import type { JsonAnswer } from '../http/answer.ts';
import type { Job } from '../http/protocol.ts';
import { type Produced, type ProviderAnswer, ProviderFailure } from '../provider.ts';
import { type Info, isCheckpoint, readInfo } from './info.ts';
import { wasCutShort } from './task.ts';

/**
 * Reads an answer. The server falls back in silence where it lacks a checkpoint or weights, and answers with half a picture
 * where somebody interrupts it: such pictures are not what was asked for, and are refused.
 */
export async function readImages(answer: JsonAnswer, sent: JsonObject, job: Job): Promise<ProviderAnswer> {
  const { json, image, header } = answer;
  const info = readInfo(json.info);
  checkLoaded(info, job);
  if (await wasCutShort(job, info.jobTimestamp)) {
    throw bad('The picture was interrupted on the server, and is half made.');
  }
  const images = own(json.images, info, job.submission.images).map((text, index): Produced => {
    const bytes = image(text);
    if (bytes === undefined) return { kind: 'failure', failure: bad('The server left out this image.') };
    const seed = info.seeds[index];
    const prompt = info.prompts[index];
    return {
      kind: 'image',
      bytes,
      seed: Number.isSafeInteger(seed) && Number(seed) >= 0 ? BigInt(Number(seed)) : undefined,
      revisedPrompt: typeof prompt === 'string' && prompt !== sent.prompt ? prompt : undefined,
    };
  });
  const seconds = Number(header('x-process-time') ?? Number.NaN);
  return { images, ...(Number.isFinite(seconds) && seconds >= 0 && { units: { second: seconds } }) };
}

function checkLoaded(info: Info, { submission }: Job): void {
  const { nativeModel, body } = submission;
  if (!isCheckpoint(nativeModel, info)) {
    throw bad(`The server has no checkpoint ${nativeModel}, and used ${info.checkpoint} in its place.`);
  }
  const loras = (Array.isArray(body.loras) ? body.loras : []) as JsonObject[];
  const missing = loras.map(({ name }) => String(name)).filter((name) => !info.networks.includes(name));
  if (missing.length > 0) throw bad(`The server did not load the weights ${missing.join(', ')}.`);
}

/** The images that were asked for: no grid before them, and none of the maps and masks that extensions add behind. */
function own(images: JsonValue | undefined, { first }: Info, count: number): JsonValue[] {
  const list = Array.isArray(images) ? images : [];
  if (list.length === 0) throw bad('The server answered without images.');
  if (first === undefined && count > 1 && list.length > count) {
    throw bad('The server answered with more images than were asked for, and does not say which they are.');
  }
  return list.slice(first ?? 0, (first ?? 0) + count);
}

function bad(message: string): ProviderFailure {
  return new ProviderFailure(FailureClass.BAD_ANSWER, message);
}
