import { Secret } from '@atelier/config';
import { expect, test } from '@jest/globals';
import { readCatalog } from '../../../src/catalog/data-files.ts';
import { fireworksProtocol } from '../../../src/providers/fireworks/protocol.ts';
import { generatedRequests } from '../generated-requests.ts';
import { closedSchema, faultsOf, openPlaces } from '../schema-check.ts';
import { FIREWORKS_SCHEMAS } from './schema.ts';

const PREFIX = 'https://api.fireworks.ai/inference/v1/workflows/accounts/fireworks/models/';

test('requests to Fireworks over the whole vocabulary keep its documentation', async () => {
  const models = (await readCatalog({ hasProvider: () => true })).filter(
    ({ provider }) => provider === 'fireworks',
  );
  const requests = generatedRequests({
    models,
    protocol: fireworksProtocol,
    instance: { name: 'fireworks', fields: new Map(), secrets: new Map([['API_KEY', new Secret('k')]]) },
    options: [{ prompt_upsampling: true }],
  });
  const validators = new Map(
    Object.entries(FIREWORKS_SCHEMAS).map(([path, { schema }]) => [path, closedSchema({}, schema)]),
  );
  const values = requests.map(({ wire }) => {
    const path = wire.url.slice(PREFIX.length);
    const validate = validators.get(path);
    if (!wire.url.startsWith(PREFIX) || validate === undefined || wire.body?.kind !== 'json') {
      throw new Error(`there is no ${wire.url}`);
    }
    expect(wire.headers?.accept).toMatch(FIREWORKS_SCHEMAS[path]?.accept ?? /^$/);
    return { validate, value: wire.body.value };
  });
  expect(values.length).toBeGreaterThanOrEqual(200);
  const paths = requests.map(({ wire }) => wire.url.slice(PREFIX.length));
  expect([...new Set(paths)].sort()).toEqual(Object.keys(FIREWORKS_SCHEMAS).sort());
  expect(faultsOf(values)).toEqual([]);
  expect(openPlaces(values)).toEqual([]);
});
