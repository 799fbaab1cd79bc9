import type { JsonObject, JsonValue } from '@bufbuild/protobuf';
import { readJson } from '../http/answer.ts';
import { isObject } from '../http/one-image.ts';
import type { Job } from '../http/protocol.ts';
import { dropBody, sendRequest } from '../http/transport.ts';
import { comfyError } from './errors.ts';
import { comfyCredentials } from './request.ts';

/** Time to tell the server that a job is not wanted any more, in milliseconds. */
const CANCEL_TIMEOUT_MS = 10_000;

/** How many of the latest jobs are looked through for one whose id is not known. */
const LATEST = 32;

/** Where a job is; an object is what the history has on one that ended. */
export type Whereabouts = 'pending' | 'running' | JsonObject;

/**
 * Looks where a job is; undefined where the server does not know it. The queue is looked at before the history, so that a job
 * which ends in between is seen in one of them.
 */
export async function whereIs(id: string, job: Job): Promise<Whereabouts | undefined> {
  const queue = await readQueue(job);
  const hasIt = (item: JsonValue) => Array.isArray(item) && item[1] === id;
  if (queue.running.some(hasIt)) return 'running';
  if (queue.pending.some(hasIt)) return 'pending';
  return readHistory(id, job);
}

/**
 * The id of the job that was sent under an id of our own; undefined where there is none. Servers older than August 2025 give
 * jobs ids of theirs, and are known by the client id that came along.
 */
export async function findSent(own: string, job: Job): Promise<string | undefined> {
  const { running, pending } = await readQueue(job);
  const queued = [...running, ...pending].find((item) => isSentAs(own, item));
  if (Array.isArray(queued)) return String(queued[1]);
  if ((await readHistory(own, job)) !== undefined) return own;
  const latest = Object.entries(await read(`/history?max_items=${LATEST}`, job));
  return latest.find(([, entry]) => isObject(entry) && isSentAs(own, entry.prompt))?.[0];
}

/** An item of queue or history is a list of number, id, graph, further data and outputs. */
function isSentAs(own: string, item: JsonValue | undefined): boolean {
  if (!Array.isArray(item)) return false;
  const extra = item[3];
  return item[1] === own || (isObject(extra) && extra.client_id === own);
}

async function readHistory(id: string, job: Job): Promise<JsonObject | undefined> {
  const entry = (await read(`/history/${encodeURIComponent(id)}`, job))[id];
  return isObject(entry) ? entry : undefined;
}

async function readQueue(job: Job): Promise<Readonly<Record<'running' | 'pending', readonly JsonValue[]>>> {
  const { queue_running: running, queue_pending: pending } = await read('/queue', job);
  return {
    running: Array.isArray(running) ? running : [],
    pending: Array.isArray(pending) ? pending : [],
  };
}

async function read(path: string, { settings, send, spool }: Job): Promise<JsonObject> {
  const url = settings.baseUrl + path;
  const answer = await send({ method: 'GET', url, credentials: comfyCredentials(settings) });
  if (answer.status !== 200) throw await comfyError(answer);
  return (await readJson(answer, spool)).json;
}

/**
 * Takes a job out of the queue, and interrupts it where it is the one that runs. Old servers interrupt whatever runs and do
 * not read the id, so they are asked for it only after a look.
 */
export async function cancelJob(own: string, { settings, ...rest }: Job): Promise<void> {
  const signal = AbortSignal.timeout(CANCEL_TIMEOUT_MS);
  const job: Job = { ...rest, settings, signal, send: (wire) => sendRequest(wire, signal) };
  const tell = async (path: string, value: JsonObject) => {
    const wire = {
      method: 'POST',
      url: settings.baseUrl + path,
      credentials: comfyCredentials(settings),
    } as const;
    await dropBody(await job.send({ ...wire, body: { kind: 'json', value } }));
  };
  try {
    const id = (await findSent(own, job)) ?? own;
    await tell('/queue', { delete: [id] });
    if ((await whereIs(id, job)) === 'running') await tell('/interrupt', { prompt_id: id });
  } catch {
    // The server is away, or slow: then the job may go on without us.
  }
}
