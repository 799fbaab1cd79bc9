import { readJson } from '../http/answer.ts';
import { basicCredential } from '../http/basic-auth.ts';
import { httpProvider, type Job, type Protocol } from '../http/protocol.ts';
import { jsonBody, type WireRequest } from '../http/wire-request.ts';
import type { ProviderAnswer, ProviderType } from '../provider.ts';
import { readImages } from './answer.ts';
import { webuiError } from './errors.ts';
import { webuiRequest } from './request.ts';
import { stopTask, taskId, watchTask } from './task.ts';

/** The web UI of AUTOMATIC1111 or Forge with its API: a server of one's own, which makes one picture after the other. */
export const automatic1111Protocol: Protocol = {
  type: 'automatic1111',
  baseUrl: '',
  needs: ['BASE_URL'],
  concurrency: 1,
  check: (settings) => void basicCredential(settings),
  isSelfHosted: true,
  request: webuiRequest,
  submit,
};

async function submit(wire: WireRequest, job: Job): Promise<ProviderAnswer> {
  const sent = jsonBody(wire);
  const value = { ...sent, force_task_id: taskId(job) };
  const ended = new AbortController();
  const watched = watchTask(job, AbortSignal.any([ended.signal, job.signal]));
  try {
    const answer = await job.send({ ...wire, body: { kind: 'json', value } });
    if (answer.status !== 200) throw await webuiError(answer, sent);
    return await readImages(await readJson(answer, job.spool), sent, job);
  } catch (error) {
    if (job.signal.aborted) await stopTask(job);
    throw error;
  } finally {
    ended.abort();
    await watched;
  }
}

export const automatic1111: ProviderType = httpProvider(automatic1111Protocol);
