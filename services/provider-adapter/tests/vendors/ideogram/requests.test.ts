import { Secret } from '@atelier/config';
import { expect, test } from '@jest/globals';
import { readCatalog } from '../../../src/catalog/data-files.ts';
import { ideogramProtocol } from '../../../src/providers/ideogram/protocol.ts';
import { generatedRequests } from '../generated-requests.ts';
import { closedSchema, faultsOf, formFields, openPlaces } from '../schema-check.ts';
import { IDEOGRAM_SCHEMAS } from './schema.ts';

test('requests to Ideogram over the whole vocabulary keep its specification and documentation', async () => {
  const models = (await readCatalog({ hasProvider: () => true })).filter(
    ({ provider }) => provider === 'ideogram',
  );
  const requests = generatedRequests({
    models,
    protocol: ideogramProtocol,
    instance: { name: 'ideogram', fields: new Map(), secrets: new Map([['API_KEY', new Secret('k')]]) },
    adapters: ['model/my-brand/version/0'],
    options: [{ style_preset: 'BAUHAUS' }],
    runs: 360,
  });
  const validators = new Map(
    Object.entries(IDEOGRAM_SCHEMAS).map(([path, schema]) => [path, closedSchema({}, schema)]),
  );
  const values = requests.map(({ wire }) => {
    const validate = validators.get(new URL(wire.url).pathname);
    if (validate === undefined) throw new Error(`there is no ${wire.url}`);
    return { validate, value: formFields(wire) };
  });
  expect(values.length).toBeGreaterThanOrEqual(200);
  const paths = requests.map(({ wire }) => new URL(wire.url).pathname);
  expect([...new Set(paths)].sort()).toEqual(Object.keys(IDEOGRAM_SCHEMAS).sort());
  expect(faultsOf(values)).toEqual([]);
  expect(openPlaces(values)).toEqual([]);
});
