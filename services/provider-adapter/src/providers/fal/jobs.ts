import { FailureClass } from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import type { JsonValue } from '@bufbuild/protobuf';
import { readJson } from '../http/answer.ts';
import type { Job } from '../http/protocol.ts';
import { dropBody, sendRequest } from '../http/transport.ts';
import type { WireRequest } from '../http/wire-request.ts';
import { type ProviderAnswer, ProviderFailure } from '../provider.ts';
import { readResult } from './answer.ts';
import { falError } from './errors.ts';
import { falCredentials } from './request.ts';

/** Time to tell the queue that a job is not wanted any more, in milliseconds. */
const CANCEL_TIMEOUT_MS = 10_000;

/** Where a job is looked at, fetched and cancelled. */
interface Addresses {
  readonly status: string;
  readonly response: string;
  readonly cancel: string;
}

/** Submits to the queue, and follows the job to its end. */
export async function runJob(wire: WireRequest, job: Job): Promise<ProviderAnswer> {
  const { json } = await exchange(wire, job, [200, 201, 202]);
  const { request_id: id } = json;
  if (typeof id !== 'string' || id === '') {
    throw new ProviderFailure(FailureClass.BAD_ANSWER, 'The provider took the request and gave no id.');
  }
  await job.accepted(id);
  const known = addressesOf(id, job);
  const own = (given: JsonValue | undefined, otherwise: string) =>
    isOwn(given, job) ? String(given) : otherwise;
  return followJob(id, job, {
    status: own(json.status_url, known.status),
    response: own(json.response_url, known.response),
    cancel: own(json.cancel_url, known.cancel),
  });
}

/** Follows a job by its id, and cancels it at the provider when it is cancelled here. */
export async function followJob(
  id: string,
  job: Job,
  addresses = addressesOf(id, job),
): Promise<ProviderAnswer> {
  try {
    await job.poll(async () => {
      const { json } = await exchange(get(addresses.status, job), job, [200, 202]);
      job.progress();
      return json.status === 'COMPLETED' ? true : undefined;
    });
    return await readResult(await exchange(get(addresses.response, job), job, [200]), job, id);
  } catch (error) {
    if (job.isGivenUp()) await cancel(addresses.cancel, job);
    throw error;
  }
}

/** The addresses of a job: below the app, which is the first two parts of the model's name. */
function addressesOf(id: string, { settings, submission }: Job): Addresses {
  const app = submission.nativeModel.split('/').slice(0, 2).join('/');
  const base = `${settings.baseUrl}/${app}/requests/${encodeURIComponent(id)}`;
  return { status: `${base}/status`, response: base, cancel: `${base}/cancel` };
}

/** Addresses from an answer get our key, so they are used only on the queue's own origin. */
function isOwn(given: JsonValue | undefined, { settings }: Job): boolean {
  return typeof given === 'string' && URL.parse(given)?.origin === new URL(settings.baseUrl).origin;
}

function get(url: string, { settings }: Job): WireRequest {
  return { method: 'GET', url, credentials: falCredentials(settings) };
}

async function cancel(url: string, job: Job): Promise<void> {
  const wire = { ...get(url, job), method: 'PUT' as const };
  await sendRequest(wire, AbortSignal.timeout(CANCEL_TIMEOUT_MS)).then(dropBody, () => {});
}

async function exchange(wire: WireRequest, job: Job, good: readonly number[]) {
  const answer = await job.send(wire);
  if (!good.includes(answer.status)) throw await falError(answer);
  return readJson(answer, job.spool);
}
