import { Secret } from '@atelier/config';
import { expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { readCatalog } from '../../../src/catalog/data-files.ts';
import { imageSlot } from '../../../src/parameters/image-slot.ts';
import { settingsOf } from '../../../src/providers/http/settings.ts';
import type { SlotImages } from '../../../src/providers/http/slot-images.ts';
import { huggingfaceProtocol } from '../../../src/providers/huggingface/protocol.ts';
import { generatedRequests } from '../generated-requests.ts';
import { faultsOf, openPlaces } from '../schema-check.ts';
import { SCHEMAS } from './schema.ts';

const instance = {
  name: 'huggingface',
  fields: new Map<string, string>(),
  secrets: new Map([['API_KEY', new Secret('k')]]),
};
const settings = settingsOf(instance, huggingfaceProtocol.baseUrl);
const ajv = new Ajv2020({ strict: false, allErrors: true });

test('requests keep the types, over the whole vocabulary', async () => {
  const models = (await readCatalog({ hasProvider: () => true })).filter(
    ({ provider }) => provider === 'huggingface',
  );
  const options = [{ parameters: { scheduler: 'EulerDiscreteScheduler' } }];
  const requests = models.flatMap((model) =>
    generatedRequests({
      models: [model],
      protocol: huggingfaceProtocol,
      instance,
      runs: 60,
      options: model.optionsSchema === undefined ? [] : options,
    }),
  );
  const validators = new Map(Object.entries(SCHEMAS).map(([path, schema]) => [path, ajv.compile(schema)]));
  const values = requests.map(({ wire }) => {
    const validate = validators.get(new URL(wire.url).pathname);
    if (validate === undefined || wire.body?.kind !== 'json') throw new Error(`there is no ${wire.url}`);
    return { validate, value: wire.body.value };
  });
  expect(values.length).toBeGreaterThanOrEqual(300);
  const paths = new Set(requests.map(({ wire }) => new URL(wire.url).pathname));
  expect([...paths].sort()).toEqual(Object.keys(SCHEMAS).sort());
  expect(faultsOf(values)).toEqual([]);
  expect(openPlaces(values)).toEqual([]);
});

const images = { base64: () => 'AAAA', dataUri: () => 'data:image/png;base64,AAAA' } as unknown as SlotImages;
const build = (operation: string, body = {}) =>
  huggingfaceProtocol.request({ nativeModel: 'o ner/m?', operation, body, images: 1 }, settings, images);

test.each([
  ['', 'https://router.huggingface.co/hf-inference/models/o%20ner/m%3F', undefined],
  ['/nebius/v1/images/generations', 'https://router.huggingface.co/nebius/v1/images/generations', 'o ner/m?'],
  ['@evil.example/{model}', 'https://router.huggingface.co/@evil.example/o%20ner/m%3F', undefined],
])('the operation %s is a path of the router', (operation, url, model) => {
  const wire = build(operation);
  expect(wire.url).toBe(url);
  expect(wire.body).toEqual({ kind: 'json', value: model === undefined ? {} : { model } });
});

test('an image goes as its provider wants it', () => {
  const slot = imageSlot({ reference: 0, change: 'none' });
  expect(build('', { inputs: slot }).body).toMatchObject({ value: { inputs: 'AAAA' } });
  expect(build('/together/v1/images/generations', { image_url: slot }).body).toMatchObject({
    value: { image_url: 'data:image/png;base64,AAAA' },
  });
});
