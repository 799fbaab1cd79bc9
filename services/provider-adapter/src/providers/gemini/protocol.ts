import { readJson } from '../http/answer.ts';
import { httpProvider, type Protocol } from '../http/protocol.ts';
import type { ProviderType } from '../provider.ts';
import { readContent } from './answer.ts';
import { geminiError } from './errors.ts';
import { geminiRequest } from './request.ts';

/** Google's Gemini API: image models that answer one content with one image. */
export const geminiProtocol: Protocol = {
  type: 'gemini',
  baseUrl: 'https://generativelanguage.googleapis.com/v1beta',
  needs: ['API_KEY'],
  concurrency: 8,
  request: geminiRequest,
  async submit(wire, job) {
    const answer = await job.send(wire);
    if (answer.status !== 200) throw await geminiError(answer);
    return readContent(await readJson(answer, job.spool));
  },
};

export const gemini: ProviderType = httpProvider(geminiProtocol);
