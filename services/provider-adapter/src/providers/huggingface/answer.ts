import { FailureClass } from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import type { JsonValue } from '@bufbuild/protobuf';
import { readResult } from '../fal/answer.ts';
import { readBytes, readJson } from '../http/answer.ts';
import { isObject, leftOut, oneImage } from '../http/one-image.ts';
import type { Job } from '../http/protocol.ts';
import type { HttpAnswer } from '../http/transport.ts';
import { readImages } from '../openai/answer.ts';
import { type Produced, type ProviderAnswer, ProviderFailure } from '../provider.ts';
import { failureOf } from './errors.ts';

/**
 * Reads an answer in whichever form the provider behind the router gives it: the image itself, `data` with images in
 * base64 as OpenAI has it, `images` with addresses and a checker's flags as fal has it, or `output` with addresses.
 */
export async function readRouted(answer: HttpAnswer, job: Job): Promise<ProviderAnswer> {
  if (/^image\//i.test(answer.header('content-type') ?? '')) {
    return { images: [{ kind: 'image', bytes: await readBytes(answer, job.spool) }] };
  }
  const read = await readJson(answer, job.spool);
  const { json } = read;
  // Some paths tell errors in a 200.
  if (json.error !== undefined && json.error !== null) throw failureOf(answer, json, job.submission);
  if (Array.isArray(json.images)) return readResult(read, job);
  if (Array.isArray(json.output)) return { images: await addressed(json.output, job) };
  return readImages(read, job);
}

async function addressed(output: readonly JsonValue[], job: Job): Promise<Produced[]> {
  if (output.length === 0) {
    throw new ProviderFailure(FailureClass.BAD_ANSWER, 'The provider answered without images.');
  }
  const images: Produced[] = [];
  for (const item of output)
    images.push(await oneImage(() => fetched(isObject(item) ? item.url : item, job)));
  return images;
}

async function fetched(url: JsonValue | undefined, job: Job): Promise<Produced> {
  if (typeof url !== 'string') throw leftOut();
  return { kind: 'image', bytes: await job.download(url) };
}
