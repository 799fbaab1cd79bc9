import {
  FailureClass,
  RefusalStage,
} from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import type { JsonValue } from '@bufbuild/protobuf';
import { readBytes, readJson } from '../http/answer.ts';
import type { Job } from '../http/protocol.ts';
import { dropBody, type HttpAnswer } from '../http/transport.ts';
import { type Content, type ProviderAnswer, ProviderFailure, type ProviderRefusal } from '../provider.ts';
import { refusal } from './errors.ts';

const FILTERED = 'CONTENT_FILTERED';

/**
 * Reads an answer that is the image itself. Whether its checker filtered it is said by a header; a filtered one is a
 * refusal, and its bytes are dropped. It may also come as JSON, although that is not what is asked for.
 */
export async function readImage(answer: HttpAnswer, job: Job): Promise<ProviderAnswer> {
  if (answer.header('content-type')?.startsWith('application/json')) return readDocument(answer, job);
  if (answer.header('finish-reason')?.toUpperCase() === FILTERED) {
    await dropBody(answer);
    throw filtered();
  }
  const seed = Number(answer.header('seed') ?? Number.NaN);
  return answerOf(await readBytes(answer, job.spool), seed);
}

async function readDocument(answer: HttpAnswer, job: Job): Promise<ProviderAnswer> {
  const { json, image } = await readJson(answer, job.spool);
  if (json.finishReason === FILTERED) throw filtered();
  const [first] = Array.isArray(json.base64) ? json.base64 : [];
  const bytes = image(first);
  if (bytes === undefined) {
    throw new ProviderFailure(FailureClass.BAD_ANSWER, 'The provider answered without an image.');
  }
  return answerOf(bytes, json.seed);
}

function answerOf(bytes: Content, seed: JsonValue | undefined): ProviderAnswer {
  const isKnown = typeof seed === 'number' && Number.isSafeInteger(seed);
  return { images: [{ kind: 'image', bytes, ...(isKnown && { seed: BigInt(seed) }) }] };
}

function filtered(): ProviderRefusal {
  return refusal(RefusalStage.OUTPUT, ['content_filtered']);
}
