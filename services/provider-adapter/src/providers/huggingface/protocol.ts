import { httpProvider, type Protocol } from '../http/protocol.ts';
import type { ProviderType } from '../provider.ts';
import { readRouted } from './answer.ts';
import { huggingfaceError } from './errors.ts';
import { huggingfaceRequest } from './request.ts';

/**
 * Hugging Face's router: one credential for its own inference and for the providers behind it, each of which speaks its
 * own protocol below a path of its own. All that is here answer at once.
 */
export const huggingfaceProtocol: Protocol = {
  type: 'huggingface',
  baseUrl: 'https://router.huggingface.co',
  needs: ['API_KEY'],
  concurrency: 4,
  request: huggingfaceRequest,
  async submit(wire, job) {
    const answer = await job.send(wire);
    if (answer.status !== 200) throw await huggingfaceError(answer, job.submission);
    return readRouted(answer, job);
  },
};

export const huggingface: ProviderType = httpProvider(huggingfaceProtocol);
