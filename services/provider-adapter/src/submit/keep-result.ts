import { setTimeout as wait } from 'node:timers/promises';
import { CostBasis } from '@atelier/protos/atelier/common/v1/money_pb.ts';
import {
  type CandidateResult,
  CandidateState,
  FailureClass,
} from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import { type Image, ImageOrigin, type ImageSchema } from '@atelier/protos/atelier/storage/v1/image_pb.ts';
import { type CallOptions, Code, isRpcError, unavailable } from '@atelier/rpc';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { taskName } from '../parameters/vocabulary.ts';
import { finishPicture } from '../pictures/finish-picture.ts';
import { findMismatches, type Mismatch } from '../pictures/mismatches.ts';
import { NotAPictureError, readPicture } from '../pictures/picture.ts';
import { MEGAPIXEL } from '../pricing/estimate.ts';
import { reportedUsage, type Units, usageOf } from '../pricing/price.ts';
import type { Spool, SpooledFile } from '../spool/spool.ts';
import type { ImageStore } from '../store/image-store.ts';
import { failedResult, resultOf } from './outcomes.ts';
import type { Work } from './work.ts';

/** What a provider gave for one candidate, beside the bytes; the journal keeps it as the answer. */
export interface Answer {
  readonly seed?: string;
  readonly revisedPrompt?: string;
  readonly jobId?: string;
  /** Units that the provider reported, on the first image of its request. */
  readonly units?: Units;
  /** What the provider says that the request cost, in millionths of a US dollar: all of it on its first image. */
  readonly microUsd?: number;
}

/** What is needed to bring an answer to its end. */
export interface KeepContext {
  readonly store: ImageStore;
  readonly spool: Spool;
  readonly now: () => Date;
  /** The latest call for the candidate. */
  readonly call: () => CallOptions;
  /** Aborted when this process stops. */
  readonly signal: AbortSignal;
  /** Told before every wait for storage. */
  readonly onAway: () => void;
}

/** Pauses between attempts to store, in milliseconds: doubled from the first to the last. */
const FIRST_PAUSE_MS = 200;
const LAST_PAUSE_MS = 5_000;

/** A deadline of each attempt to store, in milliseconds. */
const ATTEMPT_TIMEOUT_MS = 60_000;

/**
 * Verifies what a provider gave, finishes and stores it. Bytes that are no picture are a failed candidate. While storage
 * is away this waits; it rejects with UNAVAILABLE when the principal has expired or the process stops, and a later call
 * goes on from the journaled answer.
 */
export async function keepResult(
  work: Work,
  answer: Answer,
  image: SpooledFile,
  context: KeepContext,
): Promise<CandidateResult> {
  let finished: SpooledFile | undefined;
  try {
    const received = await readPicture(image);
    finished = await finishPicture(image, received, work.finish, context.spool);
    const picture = finished === undefined ? received : await readPicture(finished);
    const mismatches = findMismatches(picture, work.expected);
    const record = imageRecord(work, answer, mismatches, finished && image);
    const kept = await store(finished ?? image, picture.mediaType, record, work, context);
    const units = {
      ...answer.units,
      image: 1,
      megapixel: (received.width * received.height) / MEGAPIXEL,
      request: work.index === 0 ? 1 : undefined,
    };
    return resultOf(work, context.now(), {
      state: CandidateState.SUCCEEDED,
      ...(kept.ref !== undefined && { image: kept.ref }),
      ...(answer.seed !== undefined && { seed: BigInt(answer.seed) }),
      providerJobId: answer.jobId ?? '',
      revisedPrompt: answer.revisedPrompt ?? '',
      usage:
        answer.microUsd === undefined
          ? usageOf(work.model, units, work.conditions, CostBasis.ACTUAL)
          : reportedUsage(work.model, answer.microUsd),
      mismatches,
    });
  } catch (error) {
    const why = badAnswer(error);
    if (why === undefined) throw error;
    const failure = { failureClass: FailureClass.BAD_ANSWER, message: why, retryAfterMs: undefined };
    return failedResult(work, context.now(), failure, answer.jobId);
  } finally {
    if (finished !== undefined) await context.spool.drop(finished);
  }
}

function badAnswer(error: unknown): string | undefined {
  if (error instanceof NotAPictureError) return `The provider's answer is no usable image. ${error.message}`;
  // Storage looks at the bytes for itself.
  return isRpcError(error, Code.INVALID_ARGUMENT)
    ? `The provider's answer was not accepted: ${error.message}`
    : undefined;
}

function imageRecord(
  work: Work,
  { seed, revisedPrompt, jobId }: Answer,
  mismatches: readonly Mismatch[],
  received: SpooledFile | undefined,
): MessageInitShape<typeof ImageSchema> {
  const { lineage, model } = work;
  const used = seed ?? work.seed?.toString();
  return {
    project: lineage?.project ?? '',
    generation: lineage?.generation ?? '',
    subjectId: lineage?.subjectId ?? '',
    labels: lineage?.labels ?? {},
    round: lineage?.round ?? 0,
    origin: ImageOrigin.GENERATED,
    model: model.name,
    prompt: work.prompt,
    ...(used !== undefined && { seed: BigInt(used) }),
    candidateKey: work.key,
    ...(received !== undefined && { receivedSha256: received.sha256 }),
    mismatches: Object.fromEntries(mismatches.map(({ field, asked, got }) => [field, `${asked} -> ${got}`])),
    lineage: {
      task: taskName(work.task),
      provider: model.provider,
      native_model: model.nativeModel,
      model_revision: model.revision.toString(),
      reference_images: work.references.map(({ source }) => source.value ?? ''),
      ...(jobId !== undefined && { provider_job_id: jobId }),
      ...(revisedPrompt !== undefined && { revised_prompt: revisedPrompt }),
    },
  };
}

async function store(
  image: SpooledFile,
  mediaType: string,
  record: MessageInitShape<typeof ImageSchema>,
  work: Work,
  context: KeepContext,
): Promise<Image> {
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LAST_PAUSE_MS)) {
    const call = { ...context.call(), timeoutMs: ATTEMPT_TIMEOUT_MS, signal: context.signal };
    const expiry = call.principal?.expireTime;
    if (expiry !== undefined && expiry <= context.now()) throw interrupted('the principal has expired');
    try {
      return await context.store.keep(image, mediaType, record, `candidate:${work.key}`, call);
    } catch (error) {
      if (context.signal.aborted) throw interrupted('the server is shutting down');
      if (!isPassing(error)) throw error;
    }
    context.onAway();
    await wait(pause, undefined, { signal: context.signal, ref: false }).catch(() => {});
  }
}

function isPassing(error: unknown): boolean {
  return isRpcError(error, Code.UNAVAILABLE) || isRpcError(error, Code.DEADLINE_EXCEEDED);
}

function interrupted(why: string): Error {
  return unavailable(`The image is made and not stored yet: ${why}. Call again with the same key.`, {
    reason: 'SERVICE_UNREACHABLE',
    metadata: { service: 'storage' },
    retryAfterMs: 1_000,
  });
}
