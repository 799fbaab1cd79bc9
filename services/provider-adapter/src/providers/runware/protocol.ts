import { httpProvider, type Protocol } from '../http/protocol.ts';
import type { ProviderType } from '../provider.ts';
import { followTask, runTask } from './jobs.ts';
import { runwareRequest, taskUuid } from './request.ts';

/**
 * Runware: one address that takes lists of tasks, each under an id that we choose. What became of a submit whose connection
 * was lost is therefore looked up by that id. It signs no webhooks, and has no way to cancel a task.
 */
export const runwareProtocol: Protocol = {
  type: 'runware',
  baseUrl: 'https://api.runware.ai/v1',
  needs: ['API_KEY'],
  concurrency: 10,
  request: runwareRequest,
  submit: runTask,
  async reconcile(jobId, job) {
    const answer = await followTask(jobId ?? taskUuid(job.submission.key), job);
    // A task that is not known may have been forgotten as well as never have arrived, so it is not sent once more.
    return answer === undefined ? { kind: 'unknown' } : { kind: 'answer', answer };
  },
};

export const runware: ProviderType = httpProvider(runwareProtocol);
