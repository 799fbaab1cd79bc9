import { readJson } from '../http/answer.ts';
import { httpProvider, type Job, type Protocol } from '../http/protocol.ts';
import type { WireRequest } from '../http/wire-request.ts';
import type { ProviderAnswer, ProviderType } from '../provider.ts';
import { type AnswerDialect, readImages } from './answer.ts';
import { errorOf } from './errors.ts';
import { imagesBody, operationOf } from './request.ts';

/** Sends a request to a server of this protocol and reads the images. */
export async function exchangeImages(
  wire: WireRequest,
  job: Job,
  dialect?: AnswerDialect,
): Promise<ProviderAnswer> {
  const answer = await job.send(wire);
  if (answer.status !== 200) throw await errorOf(answer);
  return readImages(await readJson(answer, job.spool), job, dialect);
}

/** OpenAI's Images API: one answer for each request, images in base64, tokens counted. */
export const openaiProtocol: Protocol = {
  type: 'openai',
  baseUrl: 'https://api.openai.com/v1',
  needs: ['API_KEY'],
  concurrency: 8,
  request({ nativeModel, body }, settings, images) {
    const secret = settings.secret('API_KEY');
    const organisation = settings.field('ORGANIZATION');
    return {
      method: 'POST',
      url: `${settings.baseUrl}/images/${operationOf(body)}`,
      ...(organisation !== undefined && { headers: { 'openai-organization': organisation } }),
      ...(secret !== undefined && { credentials: { authorization: { scheme: 'Bearer ', secret } } }),
      body: imagesBody({ model: nativeModel, ...body }, images),
    };
  },
  submit: (wire, job) => exchangeImages(wire, job),
};

export const openai: ProviderType = httpProvider(openaiProtocol);
