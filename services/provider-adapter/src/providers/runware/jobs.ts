import { FailureClass } from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import type { JsonObject } from '@bufbuild/protobuf';
import { readError, readJson } from '../http/answer.ts';
import type { Job } from '../http/protocol.ts';
import { statusFailure } from '../http/status-failure.ts';
import type { WireRequest } from '../http/wire-request.ts';
import { type ProviderAnswer, ProviderFailure } from '../provider.ts';
import { readResults } from './answer.ts';
import { CONFLICT, codeOf, errorsOf, NOT_KNOWN, objects, statusError, taskError } from './errors.ts';
import { tasksRequest, taskUuid } from './request.ts';

/** A task is not known everywhere at once, so that some looks may miss it. */
const MISSES = 5;

/** Submits, and follows the task to its end. */
export async function runTask(wire: WireRequest, job: Job): Promise<ProviderAnswer> {
  const uuid = taskUuid(job.submission.key);
  await submit(wire, uuid, job);
  await job.accepted(uuid);
  const answer = await followTask(uuid, job);
  if (answer !== undefined) return answer;
  throw new ProviderFailure(FailureClass.BAD_ANSWER, 'The provider does not know the task any more.');
}

/** That the id was used before says that an earlier attempt of this very submission did arrive. */
async function submit(wire: WireRequest, uuid: string, job: Job): Promise<void> {
  const answer = await job.send(wire);
  if (answer.status !== 200) {
    const failure = statusError(answer, await readError(answer), uuid);
    if (failure !== undefined) throw failure;
    return;
  }
  const json = await acknowledgement(readJson(answer, job.spool));
  const [error] = errorsOf(json, uuid);
  if (error !== undefined && codeOf(error) !== CONFLICT) throw named(taskError(error));
  if (error === undefined && !objects(json.data).some(({ taskUUID }) => taskUUID === uuid)) {
    throw new ProviderFailure(FailureClass.UNKNOWN_OUTCOME, 'The provider did not acknowledge the task.');
  }
}

/** One that cannot be read says as little as a lost one: what became of the task is then looked up. */
async function acknowledgement(reading: ReturnType<typeof readJson>): Promise<JsonObject> {
  try {
    return (await reading).json;
  } catch (cause) {
    if (!(cause instanceof ProviderFailure)) throw cause;
    throw new ProviderFailure(FailureClass.UNKNOWN_OUTCOME, cause.message, { cause });
  }
}

/**
 * Looks at a task until every image of it has come out one way or the other. What the whole task fails of comes as the end
 * of each image. Undefined where Runware says that it has no such task.
 */
export async function followTask(uuid: string, job: Job): Promise<ProviderAnswer | undefined> {
  const wire = tasksRequest({ taskType: 'getResponse', taskUUID: uuid }, job.settings);
  let misses = 0;
  const ended = await job.poll(async () => {
    const json = await look(wire, uuid, job);
    const errors = errorsOf(json, uuid);
    if (errors.length > 0 && errors.every((error) => NOT_KNOWN.has(codeOf(error)))) {
      misses += 1;
      return misses < MISSES ? undefined : 'unknown';
    }
    const items = objects(json.data).filter(({ taskUUID }) => taskUUID === uuid);
    const running = items.filter(({ status }) => status === 'processing');
    const results = items.filter(({ status }) => status === 'success');
    if (running.length > 0) report(running, job);
    const isEnded = results.length >= job.submission.images || errors.length > 0;
    return running.length === 0 && isEnded ? { results, errors } : undefined;
  });
  if (ended === 'unknown') return undefined;
  const failures = ended.errors.map((error) => named(taskError(error)));
  return readResults(ended.results, failures, uuid, job);
}

/** Statuses of a look that may speak of the task, and not of the look. */
const OF_THE_TASK: readonly number[] = [400, 404];

/** What a look sees. Throws what the look itself fails of. */
async function look(wire: WireRequest, uuid: string, job: Job): Promise<JsonObject> {
  const answer = await job.send(wire);
  if (answer.status === 200) return (await readJson(answer, job.spool)).json;
  const json = await readError(answer);
  const isOfTheTask = objects(json.errors).some(({ taskUUID }) => taskUUID === uuid);
  if (isOfTheTask && OF_THE_TASK.includes(answer.status)) return json;
  throw statusError(answer, json, uuid) ?? statusFailure(answer, CONFLICT);
}

function report(running: readonly JsonObject[], job: Job): void {
  const told = running.map(({ progress }) => progress).filter((progress) => typeof progress === 'number');
  if (told.length === 0) job.progress();
  else job.progress(Math.min(1, Math.max(0, Math.min(...told) / 100)));
}

/** An end of a task for which there is no better word is the provider's own failure. */
function named<T extends ReturnType<typeof taskError>>(failure: T): ReturnType<typeof taskError> {
  const isUnsaid = failure instanceof ProviderFailure && failure.failureClass === FailureClass.UNSPECIFIED;
  return isUnsaid ? new ProviderFailure(FailureClass.UNAVAILABLE, failure.message) : failure;
}
