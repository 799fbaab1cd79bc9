import { Secret } from '@atelier/config';
import { expect, test } from '@jest/globals';
import { readCatalog } from '../../../src/catalog/data-files.ts';
import { stabilityProtocol } from '../../../src/providers/stability/protocol.ts';
import { generatedRequests } from '../generated-requests.ts';
import { closedSchema, faultsOf, formFields } from '../schema-check.ts';
import { describeWithSpec } from '../vendor-specs.ts';

interface Spec {
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}

/** The operations that the specification at hand describes, by the last part of their paths. */
const SCHEMAS: Readonly<Record<string, string>> = {
  core: 'CoreRequest',
  ultra: 'UltraRequest',
  sd3: 'Sd3Request',
  inpaint: 'InpaintRequest',
};

const lastPart = (path: string) => path.split('/').at(-1) ?? '';

describeWithSpec<Spec>(
  'stability-v2beta.hand-subset.json',
  'requests to Stability keep its specification',
  (spec) => {
    test('over the whole vocabulary', async () => {
      const models = (await readCatalog({ hasProvider: () => true })).filter(
        ({ provider, operation }) => provider === 'stability' && lastPart(operation) in SCHEMAS,
      );
      const requests = generatedRequests({
        models,
        protocol: stabilityProtocol,
        instance: { name: 'stability', fields: new Map(), secrets: new Map([['API_KEY', new Secret('k')]]) },
      });
      const validators = new Map(
        Object.entries(SCHEMAS).map(([part, name]) => [
          part,
          closedSchema(spec, spec.components.schemas[name] ?? {}),
        ]),
      );
      const values = requests.map(({ wire }) => {
        const validate = validators.get(lastPart(new URL(wire.url).pathname));
        if (validate === undefined) throw new Error(`there is no ${wire.url}`);
        return { validate, value: formFields(wire) };
      });
      expect(values.length).toBeGreaterThanOrEqual(200);
      expect(faultsOf(values)).toEqual([]);
      // What the schema cannot say: an image and a strength go together, and with them sd3 takes no ratio.
      for (const { value } of values) {
        const { image, mask, strength, mode, aspect_ratio: ratio } = value;
        if (mask === undefined) expect(image === undefined).toBe(strength === undefined);
        if (mode === 'image-to-image') expect(ratio).toBeUndefined();
      }
    });
  },
);
