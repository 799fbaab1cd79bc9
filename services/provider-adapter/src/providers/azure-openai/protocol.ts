import { httpProvider, type Protocol } from '../http/protocol.ts';
import { exchangeImages } from '../openai/protocol.ts';
import { imagesBody, operationOf } from '../openai/request.ts';
import type { ProviderType } from '../provider.ts';

/**
 * OpenAI's models in an Azure resource: the same bodies and answers under the resource's address. The native model is the
 * name of the deployment. With API_VERSION the address is the deployment's own, which that version of the API needs.
 */
export const azureOpenaiProtocol: Protocol = {
  type: 'azure-openai',
  baseUrl: '',
  needs: ['API_KEY', 'BASE_URL'],
  concurrency: 8,
  request({ nativeModel, body }, settings, images) {
    const secret = settings.secret('API_KEY');
    const version = settings.field('API_VERSION');
    const operation = operationOf(body);
    const deployment = `/openai/deployments/${encodeURIComponent(nativeModel)}/images/${operation}`;
    const isVersioned = version !== undefined;
    return {
      method: 'POST',
      url: isVersioned
        ? `${settings.baseUrl}${deployment}?api-version=${encodeURIComponent(version)}`
        : `${settings.baseUrl}/openai/v1/images/${operation}`,
      ...(secret !== undefined && { credentials: { 'api-key': { scheme: '', secret } } }),
      body: imagesBody(isVersioned ? body : { model: nativeModel, ...body }, images),
    };
  },
  submit: (wire, job) => exchangeImages(wire, job),
};

export const azureOpenai: ProviderType = httpProvider(azureOpenaiProtocol);
