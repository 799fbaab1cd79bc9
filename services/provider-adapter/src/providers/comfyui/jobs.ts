import { FailureClass } from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import type { JsonObject } from '@bufbuild/protobuf';
import { readJson } from '../http/answer.ts';
import { handleAsUuid, jobHandle } from '../http/job-handle.ts';
import type { Job } from '../http/protocol.ts';
import { jsonBody, type WireRequest } from '../http/wire-request.ts';
import { type ProviderAnswer, ProviderFailure, type Reconciled, type Submission } from '../provider.ts';
import { readOutputs } from './answer.ts';
import { comfyError } from './errors.ts';
import { inputsOf } from './graph.ts';
import { cancelJob, findSent, whereIs } from './queue.ts';
import { ownSeed } from './seed.ts';
import { readTemplate } from './template.ts';

/**
 * Looks until a job that is neither in the queue nor in the history counts as unknown to the server: a submit whose connection
 * was lost may still be on its way into the queue.
 */
const LOOKS = 4;

/** Our own id of a job, by which the server knows it. */
function ownId(submission: Submission): string {
  return handleAsUuid(jobHandle(submission));
}

/** Submits a graph under an id of our own, and follows the job to its end. */
export async function runJob(wire: WireRequest, job: Job): Promise<ProviderAnswer> {
  return whileWanted(job, async () => {
    const id = await submitGraph(wire, job);
    await job.accepted(id);
    const answer = await followJob(id, job);
    if (answer !== undefined) return answer;
    const message =
      'The server does not know the job any more: it was restarted, or somebody removed the job.';
    throw new ProviderFailure(FailureClass.UNKNOWN_OUTCOME, message);
  });
}

/** Finds a job by our id, or by the one that the server gave, and follows it. */
export async function reconcileJob(jobId: string | undefined, job: Job): Promise<Reconciled> {
  return whileWanted(job, async () => {
    const id = jobId ?? (await patiently(job, () => findSent(ownId(job.submission), job)));
    if (id === undefined) return { kind: 'never_received' };
    if (jobId === undefined) await job.accepted(id);
    const answer = await followJob(id, job);
    return answer === undefined ? { kind: 'unknown' } : { kind: 'answer', answer };
  });
}

async function whileWanted<T>(job: Job, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (job.isGivenUp()) await cancelJob(ownId(job.submission), job);
    throw error;
  }
}

async function submitGraph(wire: WireRequest, job: Job): Promise<string> {
  const value = submitBody(wire, job.submission);
  const answer = await job.send({ ...wire, body: { kind: 'json', value } });
  if (answer.status !== 200) throw await comfyError(answer);
  let cause: unknown;
  try {
    const { prompt_id: id } = (await readJson(answer, job.spool)).json;
    if (typeof id === 'string' && id !== '') return id;
  } catch (error) {
    if (!(error instanceof ProviderFailure)) throw error;
    cause = error;
  }
  // It is looked up by our own id.
  const message = 'The server took the graph, and its answer says nothing.';
  throw new ProviderFailure(FailureClass.UNKNOWN_OUTCOME, message, { cause });
}

/**
 * The body of a submit as it leaves: under an id of our own, and with a seed where nobody asked for one, which follows from the
 * job, so that a repeat makes the same picture.
 */
export function submitBody(wire: WireRequest, submission: Submission): JsonObject {
  const value = structuredClone(jsonBody(wire));
  const { seed: place } = readTemplate(submission.body.template);
  if (place !== undefined) {
    const inputs = inputsOf(value.prompt as JsonObject, place.node);
    inputs[place.input] ??= ownSeed(submission);
  }
  const own = ownId(submission);
  return { ...value, client_id: own, prompt_id: own };
}

/** Follows a job to its end; undefined where the server does not know it, or not any more. */
async function followJob(id: string, job: Job): Promise<ProviderAnswer | undefined> {
  const entry = await patiently<JsonObject>(job, async () => {
    const found = await whereIs(id, job);
    if (found === 'running') job.progress();
    return typeof found === 'string' ? 'later' : found;
  });
  return entry && readOutputs(entry, id, job);
}

/** Looks until there is something, or nothing time after time. */
async function patiently<T extends object | string>(
  job: Job,
  look: () => Promise<T | 'later' | undefined>,
): Promise<T | undefined> {
  let misses = 0;
  const { found } = await job.poll(async () => {
    const seen = await look();
    if (seen === 'later') misses = 0;
    else if (seen !== undefined) return { found: seen as T };
    else misses += 1;
    return misses < LOOKS ? undefined : { found: undefined };
  });
  return found;
}
