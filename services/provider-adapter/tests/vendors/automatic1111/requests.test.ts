import { Secret } from '@atelier/config';
import { describeWithSpec } from '@atelier/testing';
import { expect, test } from '@jest/globals';
import { readCatalog } from '../../../src/catalog/data-files.ts';
import { automatic1111Protocol } from '../../../src/providers/automatic1111/protocol.ts';
import { jsonBody } from '../../../src/providers/http/wire-request.ts';
import { generatedRequests } from '../generated-requests.ts';
import { closedSchema, faultsOf, openPlaces } from '../schema-check.ts';

interface Spec {
  readonly components: {
    readonly schemas: Readonly<Record<string, { readonly properties?: object }>>;
  };
}

const instance = {
  name: 'automatic1111',
  fields: new Map([
    ['BASE_URL', 'http://gpu.example:7860'],
    ['USERNAME', 'operator'],
  ]),
  secrets: new Map([['PASSWORD', new Secret('p')]]),
};

describeWithSpec<Spec>(
  'automatic1111-sdapi.subset.json',
  'requests to the web UI keep its specification',
  (spec) => {
    test('over the whole vocabulary', async () => {
      const models = (await readCatalog({ hasProvider: () => true })).filter(
        ({ provider }) => provider === 'automatic1111',
      );
      const requests = generatedRequests({
        models,
        protocol: automatic1111Protocol,
        instance,
        runs: 300,
        adapters: ['add-detail-xl', 'Folder_of v1.2'],
        options: [
          { sampler_name: 'DPM++ 2M', scheduler: 'Karras' },
          { prompt_syntax: 'attention', override_settings: { CLIP_stop_at_last_layers: 2 } },
        ],
      });
      const { schemas } = spec.components;
      const validators = {
        txt2img: closedSchema(spec, schemas.StableDiffusionProcessingTxt2Img ?? {}),
        img2img: closedSchema(spec, schemas.StableDiffusionProcessingImg2Img ?? {}),
      };
      const settings = closedSchema(spec, schemas.Options ?? {});
      const values = requests.flatMap(({ model, wire }) => {
        const value = jsonBody(wire);
        expect(wire.url).toBe(`http://gpu.example:7860/sdapi/v1/${model.operation}`);
        return [
          { validate: validators[model.operation as keyof typeof validators], value },
          { validate: settings, value: value.override_settings },
        ];
      });
      expect(requests.length).toBeGreaterThanOrEqual(300);
      const divergences = [
        {
          error: /"unevaluatedProperty":"lora_add_hashes_to_infotext"/,
          source:
            'a setting of the built-in Lora extension, which registers it after the models; its source, 26 June 2025',
        },
      ];
      expect(faultsOf(values, divergences)).toEqual([]);
      // The specification leaves the settings open; they are held against their own schema.
      expect(openPlaces(values)).toEqual(['/override_settings']);
      expect(openPlaces(values.filter(({ validate }) => validate === settings))).toEqual([]);
      for (const { value } of values) {
        const { width, height } = value as { width?: number; height?: number };
        if (width !== undefined) expect([width % 8, Number(height) % 8]).toEqual([0, 0]);
      }
    });
  },
);
