import { Secret } from '@atelier/config';
import { describeWithSpec } from '@atelier/testing';
import { expect, test } from '@jest/globals';
import { readCatalog } from '../../../src/catalog/data-files.ts';
import { stabilityProtocol } from '../../../src/providers/stability/protocol.ts';
import { generatedRequests } from '../generated-requests.ts';
import { closedSchema, faultsOf, formFields, openPlaces } from '../schema-check.ts';

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

const FILE = { type: 'string', pattern: '^<image/' };

/** [I] Operations that the specification at hand lacks. Their fields were not read anywhere, so their entries are experimental. */
const MORE: Readonly<Record<string, object>> = {
  'remove-background': {
    type: 'object',
    additionalProperties: false,
    required: ['image'],
    properties: { image: FILE, output_format: { enum: ['png', 'webp'] } },
  },
  conservative: {
    type: 'object',
    additionalProperties: false,
    required: ['image', 'prompt'],
    properties: {
      image: FILE,
      prompt: { type: 'string', minLength: 1, maxLength: 10_000 },
      negative_prompt: { type: 'string', maxLength: 10_000 },
      seed: { type: 'integer', minimum: 0, maximum: 4_294_967_294 },
      creativity: { type: 'number', minimum: 0.2, maximum: 0.5 },
      output_format: { enum: ['jpeg', 'png', 'webp'] },
    },
  },
};

const lastPart = (path: string) => path.split('/').at(-1) ?? '';

describeWithSpec<Spec>(
  'stability-v2beta.hand-subset.json',
  'requests to Stability keep its specification',
  (spec) => {
    test('over the whole vocabulary', async () => {
      const models = (await readCatalog({ hasProvider: () => true })).filter(
        ({ provider }) => provider === 'stability',
      );
      const requests = generatedRequests({
        models,
        protocol: stabilityProtocol,
        instance: { name: 'stability', fields: new Map(), secrets: new Map([['API_KEY', new Secret('k')]]) },
        runs: 280,
      });
      const validators = new Map([
        ...Object.entries(SCHEMAS).map(
          ([part, name]) => [part, closedSchema(spec, spec.components.schemas[name] ?? {})] as const,
        ),
        ...Object.entries(MORE).map(([part, schema]) => [part, closedSchema({}, schema)] as const),
      ]);
      const values = requests.map(({ wire }) => {
        const validate = validators.get(lastPart(new URL(wire.url).pathname));
        if (validate === undefined) throw new Error(`there is no ${wire.url}`);
        return { validate, value: formFields(wire) };
      });
      expect(values.length).toBeGreaterThanOrEqual(200);
      expect(faultsOf(values)).toEqual([]);
      expect(openPlaces(values)).toEqual([]);
      // What the schema cannot say: an image and a strength go together, and with them sd3 takes no ratio.
      for (const { value, validate } of values) {
        const takesStrength = !Object.keys(MORE).some((part) => validators.get(part) === validate);
        const { image, mask, strength, mode, aspect_ratio: ratio } = value;
        if (takesStrength && mask === undefined) expect(image === undefined).toBe(strength === undefined);
        if (mode === 'image-to-image') expect(ratio).toBeUndefined();
      }
    });
  },
);
