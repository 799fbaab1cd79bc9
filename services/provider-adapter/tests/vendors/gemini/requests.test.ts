import { Secret } from '@atelier/config';
import { describeWithSpec } from '@atelier/testing';
import { expect, test } from '@jest/globals';
import { readCatalog } from '../../../src/catalog/data-files.ts';
import { geminiProtocol } from '../../../src/providers/gemini/protocol.ts';
import { generatedRequests } from '../generated-requests.ts';
import { closed, closedSchema, faultsOf, openPlaces } from '../schema-check.ts';

interface Spec {
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}

describeWithSpec<Spec>(
  'google-gemini-generate.subset.json',
  'requests to Gemini keep its specification',
  (open) => {
    test('over the whole vocabulary', async () => {
      const spec = closed(open);
      const models = (await readCatalog({ hasProvider: () => true })).filter(
        ({ provider, shutdownTime }) => provider === 'gemini' && shutdownTime === undefined,
      );
      const requests = generatedRequests({
        models,
        protocol: geminiProtocol,
        instance: { name: 'gemini', fields: new Map(), secrets: new Map([['API_KEY', new Secret('k')]]) },
        options: [{ generationConfig: { temperature: 0.5 } }],
      });
      const validate = closedSchema(spec, spec.components.schemas.GenerateContentRequest ?? {});
      const values = requests.map(({ wire }) => ({
        validate,
        value: wire.body?.kind === 'json' && wire.body.value,
      }));
      expect(values.length).toBeGreaterThanOrEqual(200);
      expect(faultsOf(values)).toEqual([]);
      expect(openPlaces(values)).toEqual([]);
    });
  },
);
