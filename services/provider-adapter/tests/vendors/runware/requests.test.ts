import { Secret } from '@atelier/config';
import { expect, test } from '@jest/globals';
import { readCatalog } from '../../../src/catalog/data-files.ts';
import { runwareProtocol } from '../../../src/providers/runware/protocol.ts';
import { generatedRequests } from '../generated-requests.ts';
import { closedSchema, faultsOf, openPlaces } from '../schema-check.ts';
import { RUNWARE_SCHEMAS } from './schema.ts';

test('requests to Runware over the whole vocabulary keep its types and ranges', async () => {
  const models = (await readCatalog({ hasProvider: () => true })).filter(
    ({ provider }) => provider === 'runware',
  );
  const requests = generatedRequests({
    models,
    protocol: runwareProtocol,
    instance: { name: 'runware', fields: new Map(), secrets: new Map([['API_KEY', new Secret('k')]]) },
    adapters: ['civitai:652699@993999', 'runware:120@2'],
    options: [{ maskMargin: 64 }, { scheduler: 'Euler' }],
  });
  const validators = new Map(
    Object.entries(RUNWARE_SCHEMAS).map(([model, schema]) => [model, closedSchema({}, schema)]),
  );
  const values = requests.map(({ model, wire }) => {
    const validate = validators.get(model.nativeModel);
    if (validate === undefined || wire.body?.kind !== 'json') throw new Error(`no ${model.nativeModel}`);
    return { validate, value: wire.body.value };
  });
  expect(values.length).toBeGreaterThanOrEqual(200);
  expect(new Set(requests.map(({ model }) => model.name)).size).toBe(models.length);
  expect(faultsOf(values)).toEqual([]);
  expect(openPlaces(values)).toEqual([]);
});
