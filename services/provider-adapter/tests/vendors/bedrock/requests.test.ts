import { Secret } from '@atelier/config';
import { expect, test } from '@jest/globals';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { readCatalog } from '../../../src/catalog/data-files.ts';
import { bedrockProtocol } from '../../../src/providers/bedrock/protocol.ts';
import { jsonBody } from '../../../src/providers/http/wire-request.ts';
import { generatedRequests } from '../generated-requests.ts';
import { faultsOf, openPlaces } from '../schema-check.ts';
import { SCHEMAS } from './schema.ts';

const catalog = (await readCatalog({ hasProvider: () => true })).filter(
  ({ provider }) => provider === 'bedrock',
);
const live = catalog.filter(({ shutdownTime }) => shutdownTime === undefined);

const ajv = new Ajv2020({ strict: false, allErrors: true });
const validators = new Map<string, ValidateFunction>(
  Object.entries(SCHEMAS).map(([name, schema]) => [name, ajv.compile(schema)]),
);

const requests = generatedRequests({
  models: live,
  protocol: bedrockProtocol,
  instance: {
    name: 'bedrock',
    fields: new Map([['REGION', 'us-west-2']]),
    secrets: new Map([['API_KEY', new Secret('k')]]),
  },
  runs: 440,
});

test('requests keep the guide, over the whole vocabulary', () => {
  const values = requests.map(({ model, wire }) => {
    const [, id = ''] = /^(?:us\.)?(.+)-v\d+:\d+$/.exec(model.nativeModel) ?? [];
    const validate = validators.get(id);
    if (validate === undefined || wire.body?.kind !== 'json') throw new Error(`there is no ${id}`);
    return { validate, value: wire.body.value };
  });
  expect(new Set(values.map(({ validate }) => validate)).size).toBe(Object.keys(SCHEMAS).length);
  expect(values.length).toBeGreaterThanOrEqual(400);
  expect(faultsOf(values)).toEqual([]);
  expect(openPlaces(values)).toEqual([]);
});

test('the address is that of the region, with the id of the model in one segment', () => {
  const urls = new Set(requests.map(({ wire }) => wire.url));
  expect(urls).toContain(
    'https://bedrock-runtime.us-west-2.amazonaws.com/model/stability.sd3-5-large-v1%3A0/invoke',
  );
  expect(urls.size).toBe(live.length);
});

test('Stable Diffusion 3.5: an image goes with strength and mode, and never with a ratio', () => {
  const bodies = requests.flatMap(({ model, wire }) => (model.operation === 'sd3' ? [jsonBody(wire)] : []));
  const withImage = bodies.filter(({ image }) => image !== undefined);
  expect(withImage.length).toBeGreaterThan(5);
  expect(bodies.length).toBeGreaterThan(withImage.length);
  for (const body of bodies) {
    const isFromImage = body.image !== undefined;
    expect(body.mode).toBe(isFromImage ? 'image-to-image' : undefined);
    expect(body.strength !== undefined).toBe(isFromImage);
    if (isFromImage) expect(body.aspect_ratio).toBeUndefined();
  }
});

test.each([
  ['nova-canvas', '2026-09-30'],
  ['titan-image-generator-v2', '2026-06-30'],
])('%s says since when it is gone, and what to use instead', (id, date) => {
  const model = catalog.find(({ name }) => name === `models/${id}`);
  const seconds = Number(model?.shutdownTime?.seconds);
  expect(new Date(seconds * 1_000).toISOString().slice(0, 10)).toBe(date);
  expect(live.map(({ name }) => name)).toContain(model?.successor);
});
