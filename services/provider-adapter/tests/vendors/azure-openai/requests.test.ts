import { Secret } from '@atelier/config';
import { describeWithSpec } from '@atelier/testing';
import { expect, test } from '@jest/globals';
import { readCatalog } from '../../../src/catalog/data-files.ts';
import { azureOpenaiProtocol } from '../../../src/providers/azure-openai/protocol.ts';
import { generatedRequests } from '../generated-requests.ts';
import { closedSchema, faultsOf, formFields, openPlaces } from '../schema-check.ts';

interface Spec {
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}

// Azure has OpenAI's bodies, so that OpenAI's specification is the one to keep.
describeWithSpec<Spec>(
  'openai-images.subset.nullable-fixed.json',
  'requests to Azure keep OpenAI’s specification',
  (spec) => {
    test.each([
      ['the address of the resource', []],
      ['the address of a deployment', [['API_VERSION', '2025-04-01-preview']]],
    ] as const)('over the whole vocabulary, by %s', async (_name, version) => {
      const models = (await readCatalog({ hasProvider: () => true })).filter(
        ({ provider }) => provider === 'azure-openai',
      );
      const requests = generatedRequests({
        models,
        protocol: azureOpenaiProtocol,
        instance: {
          name: 'azure-openai',
          fields: new Map([['BASE_URL', 'https://resource.example'], ...version]),
          secrets: new Map([['API_KEY', new Secret('k')]]),
        },
      });
      const { CreateImageRequest: generate = {}, CreateImageEditRequest: edit = {} } =
        spec.components.schemas;
      const generation = closedSchema(spec, generate);
      const editing = closedSchema(spec, edit);
      const values = requests.map(({ wire }) =>
        wire.body?.kind === 'json'
          ? { validate: generation, value: wire.body.value }
          : { validate: editing, value: formFields(wire) },
      );
      expect(values.length).toBeGreaterThanOrEqual(200);
      expect(values.some(({ validate }) => validate === editing)).toBe(true);
      expect(faultsOf(values)).toEqual([]);
      expect(openPlaces(values)).toEqual([]);
      // A deployment has one model, so that its address says which.
      for (const { value } of values) expect('model' in (value as object)).toBe(version.length === 0);
    });
  },
);
