import { httpProvider, type Protocol } from '../http/protocol.ts';
import type { ProviderType } from '../provider.ts';
import { followJob, runJob } from './jobs.ts';
import { falRequest } from './request.ts';
import { verifyFalWebhook } from './webhooks.ts';

/** fal's queue: jobs that are polled, told of by webhooks, and can be cancelled. */
export const falProtocol: Protocol = {
  type: 'fal',
  baseUrl: 'https://queue.fal.run',
  needs: ['API_KEY'],
  concurrency: 10,
  request: falRequest,
  submit: runJob,
  reconcile: async (jobId, job) =>
    jobId === undefined ? { kind: 'unknown' } : { kind: 'answer', answer: await followJob(jobId, job) },
  verifyWebhook: verifyFalWebhook,
};

export const fal: ProviderType = httpProvider(falProtocol);
