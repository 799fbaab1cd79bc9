import { Secret } from '@atelier/config';
import { FailureClass } from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import { expect, test } from '@jest/globals';
import { azureOpenaiProtocol } from '../../../src/providers/azure-openai/protocol.ts';
import { settingsOf } from '../../../src/providers/http/settings.ts';
import { shownImages } from '../../../src/providers/http/slot-images.ts';
import { errorOf } from '../../../src/providers/openai/errors.ts';
import { describeConformance } from '../conformance.ts';
import { azureScript } from './script.ts';

describeConformance(azureScript);

test('with a version of the API the deployment is in the address, and no model in the body', () => {
  const fields = new Map([
    ['BASE_URL', 'https://res.openai.azure.com/'],
    ['API_VERSION', '2025-04-01-preview'],
  ]);
  const instance = { name: 'azure-eu', fields, secrets: new Map([['API_KEY', new Secret('k')]]) };
  const call = { nativeModel: 'my images', operation: '', body: { prompt: 'x' }, images: 1 };
  const images = shownImages(() => ({ mediaType: 'image/png', sizeBytes: 1, sha256: '' }), []);
  expect(azureOpenaiProtocol.request(call, settingsOf(instance, ''), images)).toMatchObject({
    url: 'https://res.openai.azure.com/openai/deployments/my%20images/images/generations?api-version=2025-04-01-preview',
    body: { kind: 'json', value: { prompt: 'x' } },
  });
});

test('a blocked resource is the account’s affair and not the request’s', async () => {
  const message =
    'Your resource has been temporarily blocked because we detected behavior that may violate our policy.';
  const text = JSON.stringify({ error: { code: 'Forbidden', message } });
  const body = (async function* () {
    yield Buffer.from(text);
  })();
  const failure = await errorOf({ status: 403, header: () => undefined, body });
  expect(failure).toMatchObject({ failureClass: FailureClass.ACCOUNT });
});
