import { Secret } from '@atelier/config';
import { expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { readCatalog } from '../../../src/catalog/data-files.ts';
import { falProtocol } from '../../../src/providers/fal/protocol.ts';
import { generatedRequests } from '../generated-requests.ts';
import { faultsOf } from '../schema-check.ts';
import { describeWithSpec } from '../vendor-specs.ts';

interface Spec {
  readonly definitions: Readonly<Record<string, object>> & {
    readonly FalInputs: { readonly properties: Readonly<Record<string, { readonly $ref: string }>> };
  };
}

describeWithSpec<Spec>('fal-selected-endpoints.schema.json', 'requests to fal keep its types', (spec) => {
  test('over the whole vocabulary', async () => {
    const models = (await readCatalog({ hasProvider: () => true })).filter(
      ({ provider }) => provider === 'fal',
    );
    const requests = generatedRequests({
      models,
      protocol: falProtocol,
      instance: { name: 'fal', fields: new Map(), secrets: new Map([['API_KEY', new Secret('k')]]) },
      adapters: ['https://weights.example/a.safetensors', 'https://weights.example/b.safetensors'],
      options: [{ acceleration: 'regular' }],
    });
    const ajv = new Ajv2020({ strict: false, allErrors: true });
    ajv.addSchema({ $id: 'fal', definitions: spec.definitions });
    const values = requests.map(({ model, wire }) => {
      // Every definition of an input that is listed forbids unknown fields by itself.
      const reference = spec.definitions.FalInputs.properties[model.nativeModel]?.$ref;
      const validate = ajv.getSchema(`fal${reference}`);
      if (validate === undefined || wire.body?.kind !== 'json')
        throw new Error(`there is no ${model.nativeModel}`);
      return { validate: validate as never, value: wire.body.value };
    });
    expect(values.length).toBeGreaterThanOrEqual(200);
    expect(faultsOf(values)).toEqual([]);
  });
});
