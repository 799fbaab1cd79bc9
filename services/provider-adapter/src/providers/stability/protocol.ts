import { readJson } from '../http/answer.ts';
import { httpProvider, type Protocol } from '../http/protocol.ts';
import type { ProviderType } from '../provider.ts';
import { readImage } from './answer.ts';
import { stabilityError } from './errors.ts';
import { stabilityRequest } from './request.ts';

/** Stability's stable-image API: a form for each image, answered at once. */
export const stabilityProtocol: Protocol = {
  type: 'stability',
  baseUrl: 'https://api.stability.ai',
  needs: ['API_KEY'],
  concurrency: 10,
  // More is followed by a time-out of a minute.
  rate: { requests: 150, seconds: 10 },
  request: stabilityRequest,
  async submit(wire, job) {
    const answer = await job.send(wire);
    if (answer.status !== 200) throw await stabilityError(answer);
    return readImage(await readJson(answer, job.spool));
  },
};

export const stability: ProviderType = httpProvider(stabilityProtocol);
