import { ConfigError } from '@atelier/config';
import { readJson } from '../http/answer.ts';
import { httpProvider, type Protocol } from '../http/protocol.ts';
import { instanceVariable } from '../instance-fields.ts';
import type { ProviderType } from '../provider.ts';
import { readInvocation } from './answer.ts';
import { bedrockError } from './errors.ts';
import { bedrockRequest } from './request.ts';
import { signBedrock, signedHeaders } from './sign.ts';

/**
 * Amazon Bedrock: one model is invoked for one image, and answers at once. An instance has an API key of Bedrock, or a pair
 * of keys with which it signs; REGION says where it calls, and BASE_URL goes before it where calls go through an endpoint
 * of one's own.
 */
export const bedrockProtocol: Protocol = {
  type: 'bedrock',
  baseUrl: '',
  needs: ['REGION', [['API_KEY'], ['ACCESS_KEY_ID', 'SECRET_ACCESS_KEY']]],
  concurrency: 4,
  check(settings) {
    const region = settings.field('REGION');
    // It becomes part of a host name.
    if (region === undefined || /^[a-z]{2,4}(-[a-z]+)+-\d{1,2}$/.test(region)) return;
    const message = 'must be a region such as us-west-2';
    throw new ConfigError([{ variable: instanceVariable(settings.name, 'REGION'), message }]);
  },
  request: bedrockRequest,
  sign: signBedrock,
  signedHeaders,
  async submit(wire, job) {
    const answer = await job.send(wire);
    if (answer.status !== 200) throw await bedrockError(answer, job.submission);
    return readInvocation(await readJson(answer, job.spool), job.submission.images);
  },
};

export const bedrock: ProviderType = httpProvider(bedrockProtocol);
