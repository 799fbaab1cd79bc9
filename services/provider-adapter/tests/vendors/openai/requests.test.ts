import { Secret } from '@atelier/config';
import { describeWithSpec } from '@atelier/testing';
import { expect, test } from '@jest/globals';
import { readCatalog } from '../../../src/catalog/data-files.ts';
import { openaiProtocol } from '../../../src/providers/openai/protocol.ts';
import { generatedRequests } from '../generated-requests.ts';
import { closedSchema, type Divergence, faultsOf, formFields, openPlaces } from '../schema-check.ts';

interface Spec {
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}

const FILE = 'openai-images.subset.nullable-fixed.json';

/** The specification at hand is of 21 August 2026. */
const DIVERGENCES: readonly Divergence[] = [
  {
    error: /^\/quality must be equal to one of the allowed values/,
    source: 'quality max came with gpt-image-2.5: SDK 7.57.0, images.d.ts, read 2026-11-22',
  },
];

describeWithSpec<Spec>(FILE, 'requests to OpenAI keep its specification', (spec) => {
  test('over the whole vocabulary', async () => {
    const models = (await readCatalog({ hasProvider: () => true })).filter(
      ({ provider }) => provider === 'openai',
    );
    const requests = generatedRequests({
      models,
      protocol: openaiProtocol,
      instance: { name: 'openai', fields: new Map(), secrets: new Map([['API_KEY', new Secret('k')]]) },
      options: [{ user: 'user-1234' }],
    });
    const { CreateImageRequest: generate = {}, CreateImageEditRequest: edit = {} } = spec.components.schemas;
    const generation = closedSchema(spec, generate);
    const editing = closedSchema(spec, edit);
    const values = requests.map(({ wire }) =>
      wire.body?.kind === 'json'
        ? { validate: generation, value: wire.body.value }
        : { validate: editing, value: formFields(wire) },
    );
    expect(values.length).toBeGreaterThanOrEqual(200);
    expect(values.some(({ validate }) => validate === editing)).toBe(true);
    expect(faultsOf(values, DIVERGENCES)).toEqual([]);
    expect(openPlaces(values)).toEqual([]);
  });
});
