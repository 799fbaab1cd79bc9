import { readJson } from '../http/answer.ts';
import { httpProvider, type Protocol } from '../http/protocol.ts';
import type { ProviderType } from '../provider.ts';
import { readImages } from './answer.ts';
import { ideogramError } from './errors.ts';
import { ideogramRequest } from './request.ts';

/** Ideogram: a form, answered when the images are made, with addresses that expire. */
export const ideogramProtocol: Protocol = {
  type: 'ideogram',
  baseUrl: 'https://api.ideogram.ai',
  needs: ['API_KEY'],
  // An account has ten requests in flight unless Ideogram has agreed to more.
  concurrency: 10,
  request: ideogramRequest,
  async submit(wire, job) {
    const answer = await job.send(wire);
    if (answer.status !== 200) throw await ideogramError(answer);
    return readImages((await readJson(answer, job.spool)).json, job);
  },
};

export const ideogram: ProviderType = httpProvider(ideogramProtocol);
