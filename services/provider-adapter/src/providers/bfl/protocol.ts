import { httpProvider, type Protocol } from '../http/protocol.ts';
import type { ProviderType } from '../provider.ts';
import { followJob, resultUrl, runJob } from './jobs.ts';
import { bflRequest } from './request.ts';

/** The most tasks at once that the provider lets an account have. */
const TASKS_AT_ONCE = 24;

/**
 * Black Forest Labs: jobs that are polled. They cannot be cancelled, and their results can be fetched for ten minutes.
 *
 * Its webhooks are not used. How they are signed stands in no specification of its own (texts of others name a header
 * `X-BFL-Signature`), and a submit that asks for one is answered without the address at which the job is to be looked up.
 */
export const bflProtocol: Protocol = {
  type: 'bfl',
  baseUrl: 'https://api.bfl.ai',
  needs: ['API_KEY'],
  concurrency: TASKS_AT_ONCE,
  request: bflRequest,
  submit: runJob,
  reconcile: async (jobId, job) =>
    jobId === undefined
      ? { kind: 'unknown' }
      : { kind: 'answer', answer: await followJob(jobId, resultUrl(jobId, job), job) },
};

export const bfl: ProviderType = httpProvider(bflProtocol);
