import {
  FailureClass,
  RefusalStage,
} from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import type { JsonObject } from '@bufbuild/protobuf';
import { type JsonAnswer, readJson } from '../http/answer.ts';
import { oneImage, reportedSeed, rewritten } from '../http/one-image.ts';
import type { Job } from '../http/protocol.ts';
import type { WireRequest } from '../http/wire-request.ts';
import { type Content, type Produced, type ProviderAnswer, ProviderFailure } from '../provider.ts';
import { fireworksError, refusal } from './errors.ts';
import { fireworksCredentials, modelUrl } from './request.ts';

/** A job is not known everywhere at once, so that some looks may miss it. */
const MISSES = 5;

/** Statuses in which a job has ended; whatever else there may be, it goes on. */
const ENDED: ReadonlySet<unknown> = new Set([
  'Ready',
  'Request Moderated',
  'Content Moderated',
  'Error',
  'Failed',
]);

/** Submits, and follows the job to its end. */
export async function runJob(wire: WireRequest, job: Job): Promise<ProviderAnswer> {
  const { json } = await exchange(wire, job);
  const { request_id: id } = json;
  if (typeof id !== 'string' || id === '') {
    throw new ProviderFailure(FailureClass.BAD_ANSWER, 'The provider took the request and gave no id.');
  }
  await job.accepted(id);
  return followJob(id, job);
}

/** Follows a job by its id. It is looked at with a POST, which makes nothing. */
export async function followJob(id: string, job: Job): Promise<ProviderAnswer> {
  const wire: WireRequest = {
    method: 'POST',
    url: `${modelUrl(job.submission.nativeModel, job.settings)}/get_result`,
    headers: { accept: 'application/json' },
    credentials: fireworksCredentials(job.settings),
    body: { kind: 'json', value: { id } },
  };
  let misses = 0;
  const ended = await job.poll(async () => {
    const answer = await exchange(wire, job);
    const { status, progress } = answer.json;
    if (status === 'Task not found') {
      misses += 1;
      if (misses < MISSES) return undefined;
      throw new ProviderFailure(FailureClass.BAD_ANSWER, 'The provider does not know the job any more.');
    }
    if (typeof progress === 'number') job.progress(Math.min(1, Math.max(0, progress)));
    return ENDED.has(status) ? answer : undefined;
  });
  return { images: [await produced(ended, job)], jobId: id };
}

async function produced(ended: JsonAnswer, job: Job): Promise<Produced> {
  const { status, details } = ended.json;
  switch (status) {
    case 'Ready':
      return oneImage(() => ready(ended, job));
    case 'Request Moderated':
      return { kind: 'refusal', refusal: refusal(RefusalStage.INPUT, reasonsOf(details)).refusal };
    case 'Content Moderated':
      return { kind: 'refusal', refusal: refusal(RefusalStage.OUTPUT, reasonsOf(details)).refusal };
    default: {
      const failure = new ProviderFailure(FailureClass.UNAVAILABLE, 'The provider failed at the job.');
      return { kind: 'failure', failure };
    }
  }
}

async function ready({ json, image }: JsonAnswer, job: Job): Promise<Produced> {
  const { sample, seed, prompt } = (json.result ?? {}) as JsonObject;
  const revisedPrompt = rewritten(prompt, job.submission.body.prompt);
  return { kind: 'image', bytes: await sampled(sample), seed: reportedSeed(seed), revisedPrompt };

  /** A sample is an address, or the image in base64. */
  async function sampled(value: typeof sample): Promise<Content> {
    if (typeof value === 'string' && /^https?:/i.test(value)) return job.download(value);
    const bytes = image(value);
    if (bytes !== undefined) return bytes;
    throw new ProviderFailure(FailureClass.BAD_ANSWER, 'The provider ended the job without an image.');
  }
}

function reasonsOf(details: JsonObject[string] | undefined): string[] {
  const reasons = (details as JsonObject | null | undefined)?.['Moderation Reasons'];
  return Array.isArray(reasons) ? reasons.map((reason) => String(reason).toLowerCase()) : [];
}

async function exchange(wire: WireRequest, job: Job): Promise<JsonAnswer> {
  const answer = await job.send(wire);
  if (answer.status !== 200) throw await fireworksError(answer);
  return readJson(answer, job.spool);
}
