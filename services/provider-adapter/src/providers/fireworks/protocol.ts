import { httpProvider, type Protocol } from '../http/protocol.ts';
import type { ProviderType } from '../provider.ts';
import { readImage } from './answer.ts';
import { fireworksError } from './errors.ts';
import { followJob, runJob } from './jobs.ts';
import { AT_ONCE, fireworksRequest } from './request.ts';

/** Fireworks: its own models answer with the image itself, those of Black Forest Labs with a job that is polled. */
export const fireworksProtocol: Protocol = {
  type: 'fireworks',
  baseUrl: 'https://api.fireworks.ai/inference/v1',
  needs: ['API_KEY'],
  concurrency: 10,
  request: fireworksRequest,
  async submit(wire, job) {
    if (job.submission.operation !== AT_ONCE) return runJob(wire, job);
    const answer = await job.send(wire);
    if (answer.status !== 200) throw await fireworksError(answer);
    return readImage(answer, job);
  },
  reconcile: async (jobId, job) =>
    jobId === undefined ? { kind: 'unknown' } : { kind: 'answer', answer: await followJob(jobId, job) },
};

export const fireworks: ProviderType = httpProvider(fireworksProtocol);
