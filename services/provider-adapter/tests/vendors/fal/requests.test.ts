import { Secret } from '@atelier/config';
import { describeWithSpec } from '@atelier/testing';
import { expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { readCatalog } from '../../../src/catalog/data-files.ts';
import { falProtocol } from '../../../src/providers/fal/protocol.ts';
import { jsonBody } from '../../../src/providers/http/wire-request.ts';
import { generatedRequests } from '../generated-requests.ts';
import { faultsOf, openPlaces } from '../schema-check.ts';

interface Spec {
  readonly definitions: Readonly<Record<string, object>> & {
    readonly FalInputs: { readonly properties: Readonly<Record<string, { readonly $ref: string }>> };
  };
}

const IMAGE_TO_IMAGE = 'fal-ai/flux/dev/image-to-image';

/** The input of an endpoint that the types at hand lack. [I] That of flux/dev with an image and a strength; its entry is experimental. */
const IMAGE_TO_IMAGE_INPUT = {
  type: 'object',
  additionalProperties: false,
  required: ['prompt', 'image_url'],
  properties: {
    prompt: { type: 'string' },
    image_url: { type: 'string', pattern: '^data:image/' },
    strength: { type: 'number', minimum: 0.01, maximum: 1 },
    num_inference_steps: { type: 'integer', minimum: 10, maximum: 50 },
    guidance_scale: { type: 'number', minimum: 1, maximum: 20 },
    num_images: { type: 'integer', minimum: 1, maximum: 4 },
    seed: { type: 'integer' },
    enable_safety_checker: { type: 'boolean' },
    output_format: { enum: ['jpeg', 'png'] },
    acceleration: { enum: ['none', 'regular', 'high'] },
  },
};

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
      runs: 300,
    });
    const ajv = new Ajv2020({ strict: false, allErrors: true });
    ajv.addSchema({ $id: 'fal', definitions: spec.definitions });
    const imageToImage = ajv.compile(IMAGE_TO_IMAGE_INPUT) as never;
    const values = requests.map(({ model, wire }) => {
      // Every definition of an input that is listed forbids unknown fields by itself.
      if (model.nativeModel === IMAGE_TO_IMAGE) return { validate: imageToImage, value: jsonBody(wire) };
      const reference = spec.definitions.FalInputs.properties[model.nativeModel]?.$ref;
      const validate = ajv.getSchema(`fal${reference}`);
      if (validate === undefined) throw new Error(`there is no ${model.nativeModel}`);
      return { validate: validate as never, value: jsonBody(wire) };
    });
    expect(values.length).toBeGreaterThanOrEqual(200);
    expect(faultsOf(values)).toEqual([]);
    expect(openPlaces(values)).toEqual([]);
  });
});
