import {
  FailureClass,
  RefusalStage,
} from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import type { JsonObject, JsonValue } from '@bufbuild/protobuf';
import { type JsonAnswer, readJson } from '../http/answer.ts';
import { reportedSeed, rewritten } from '../http/one-image.ts';
import type { Job } from '../http/protocol.ts';
import type { WireRequest } from '../http/wire-request.ts';
import { type Produced, type ProviderAnswer, ProviderFailure } from '../provider.ts';
import { bflError } from './errors.ts';
import { bflCredentials } from './request.ts';

/** A credit is one US cent. */
const MICRO_USD_PER_CREDIT = 10_000;

/** A job is not known everywhere at once, so that some looks may miss it. */
const MISSES = 5;

/** Submits, and follows the job to its end. */
export async function runJob(wire: WireRequest, job: Job): Promise<ProviderAnswer> {
  const { json } = await exchange(wire, job);
  const { id, polling_url: pollingUrl, cost } = json;
  if (typeof id !== 'string' || id === '') {
    throw new ProviderFailure(FailureClass.BAD_ANSWER, 'The provider took the request and gave no id.');
  }
  await job.accepted(id);
  const answer = await followJob(id, pollUrl(id, pollingUrl, job), job);
  return typeof cost === 'number' ? { ...answer, microUsd: cost * MICRO_USD_PER_CREDIT } : answer;
}

/** Follows a job of an earlier process by its id. */
export async function followJob(id: string, url: string, job: Job): Promise<ProviderAnswer> {
  let misses = 0;
  const wire = { method: 'GET' as const, url, credentials: bflCredentials(job.settings) };
  const ended = await job.poll(async () => {
    const { json } = await exchange(wire, job);
    if (json.status === 'Task not found') {
      misses += 1;
      if (misses < MISSES) return undefined;
      throw new ProviderFailure(FailureClass.BAD_ANSWER, 'The provider does not know the job any more.');
    }
    if (typeof json.progress === 'number') job.progress(Math.min(1, Math.max(0, json.progress)));
    return json.status === 'Pending' ? undefined : json;
  });
  return { images: [await produced(ended, job)], jobId: id };
}

/** Where a job is looked up by its id alone. */
export function resultUrl(id: string, { settings }: Job): string {
  return `${settings.baseUrl}/v1/get_result?id=${encodeURIComponent(id)}`;
}

/** The address that the answer gives is used only where it is the provider's own, since it gets our key. */
function pollUrl(id: string, given: JsonValue | undefined, job: Job): string {
  const url = typeof given === 'string' ? URL.parse(given) : null;
  const isOwn = url !== null && url.origin === new URL(job.settings.baseUrl).origin;
  const isRegional =
    url !== null && url.protocol === 'https:' && url.hostname.endsWith('.bfl.ai') && url.port === '';
  return url !== null && (isOwn || isRegional) ? url.href : resultUrl(id, job);
}

async function produced(ended: JsonObject, job: Job): Promise<Produced> {
  switch (ended.status) {
    case 'Ready':
      return ready(ended, job);
    case 'Request Moderated':
      return refused(RefusalStage.INPUT, ended);
    case 'Content Moderated':
      return refused(RefusalStage.OUTPUT, ended);
    default:
      throw new ProviderFailure(FailureClass.UNAVAILABLE, 'The provider failed at the job.');
  }
}

async function ready({ result }: JsonObject, job: Job): Promise<Produced> {
  const { sample, seed, prompt } = (result ?? {}) as JsonObject;
  if (typeof sample !== 'string' || sample === '') {
    throw new ProviderFailure(FailureClass.BAD_ANSWER, 'The provider ended the job without an image.');
  }
  return {
    kind: 'image',
    bytes: await job.download(sample),
    seed: reportedSeed(seed),
    revisedPrompt: rewritten(prompt, job.submission.body.prompt),
  };
}

function refused(stage: RefusalStage, { details }: JsonObject): Produced {
  const reasons = (details as JsonObject | null | undefined)?.['Moderation Reasons'];
  const categories = Array.isArray(reasons) ? reasons.map((reason) => String(reason).toLowerCase()) : [];
  const what = stage === RefusalStage.INPUT ? 'request' : 'image';
  return {
    kind: 'refusal',
    refusal: { stage, categories, message: `The provider’s moderation refused the ${what}.` },
  };
}

async function exchange(wire: WireRequest, job: Job): Promise<JsonAnswer> {
  const answer = await job.send(wire);
  if (answer.status !== 200) throw await bflError(answer);
  return readJson(answer, job.spool);
}
