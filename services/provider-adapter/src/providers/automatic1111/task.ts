import type { JsonObject } from '@bufbuild/protobuf';
import { readError } from '../http/answer.ts';
import { jobHandle } from '../http/job-handle.ts';
import { poll } from '../http/poll.ts';
import type { Job } from '../http/protocol.ts';
import { dropBody, sendRequest } from '../http/transport.ts';
import type { WireRequest } from '../http/wire-request.ts';
import { webuiCredentials } from './request.ts';

/** Time to stop a task that is not wanted any more, in milliseconds. One that still waits for its turn then is left alone. */
const STOP_TIMEOUT_MS = 10_000;

/** The server's name for a job: ours, so that its progress and its interruption can be told from those of others. */
export function taskId({ submission }: Job): string {
  return `task(atelier-${jobHandle(submission).slice(0, 32)})`;
}

/** Tells how far a task is until `ended` is aborted. What cannot be learned is left alone: it changes nothing. */
export async function watchTask(job: Job, ended: AbortSignal): Promise<void> {
  const look = async () => {
    const { active, progress } = await lookAt(job, ended);
    if (active === true && typeof progress === 'number') job.progress(Math.min(1, Math.max(0, progress)));
    return undefined;
  };
  await poll(look, { signal: ended, firstMs: job.settings.pollMs }).catch(() => {});
}

/**
 * Stops a task. The API knows one interruption, of whatever the server is at, so it is sent only while that is this task; one
 * that waits for its turn is waited for. A server that cannot say whose task runs (started without its web pages) is left
 * alone.
 */
export async function stopTask(job: Job): Promise<void> {
  const signal = AbortSignal.timeout(STOP_TIMEOUT_MS);
  const look = async () => {
    const { active, queued } = await lookAt(job, signal);
    if (active !== true) return queued === true ? undefined : true;
    await sendRequest(post('/sdapi/v1/interrupt', {}, job), signal).then(dropBody);
    return true;
  };
  await poll(look, { signal, firstMs: job.settings.pollMs }).catch(() => {});
}

async function lookAt(job: Job, signal: AbortSignal): Promise<JsonObject> {
  const wire = post('/internal/progress', { id_task: taskId(job), live_preview: false }, job);
  return readError(await sendRequest(wire, signal));
}

function post(path: string, value: JsonObject, { settings }: Job): WireRequest {
  const url = settings.baseUrl + path;
  return { method: 'POST', url, credentials: webuiCredentials(settings), body: { kind: 'json', value } };
}

/**
 * Whether the server's latest job was cut short, which its answer does not say: it has a picture, half made. Only where that
 * job began when ours did; a later one tells nothing.
 */
export async function wasCutShort(job: Job, jobTimestamp: unknown): Promise<boolean> {
  const url = `${job.settings.baseUrl}/sdapi/v1/progress?skip_current_image=true`;
  try {
    const wire: WireRequest = { method: 'GET', url, credentials: webuiCredentials(job.settings) };
    const { state } = await readError(await job.send(wire));
    const { job_timestamp: latest, interrupted, skipped } = (state ?? {}) as JsonObject;
    return latest !== undefined && latest === jobTimestamp && (interrupted === true || skipped === true);
  } catch {
    job.signal.throwIfAborted();
    return false;
  }
}
