import { Secret } from '@atelier/config';
import type { Model } from '@atelier/protos/atelier/provider/v1/model_pb.ts';
import { describeWithSpec } from '@atelier/testing';
import { describe, expect, test } from '@jest/globals';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { readCatalog } from '../../../src/catalog/data-files.ts';
import { jsonBody } from '../../../src/providers/http/wire-request.ts';
import { replicateProtocol } from '../../../src/providers/replicate/protocol.ts';
import { type GeneratedRequest, generatedRequests } from '../generated-requests.ts';
import { closedSchema, faultsOf, openPlaces } from '../schema-check.ts';
import { PAGE_SCHEMAS } from './schema.ts';

const models = (await readCatalog({ hasProvider: () => true })).filter(
  ({ provider }) => provider === 'replicate',
);

/** Values of `provider_options` by native model; a schema here and there takes them. */
const OPTIONS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'black-forest-labs/flux-schnell': { go_fast: false },
  'black-forest-labs/flux-1.1-pro': { prompt_upsampling: true },
  'ideogram-ai/ideogram-v2': { magic_prompt_option: 'Off' },
  'stability-ai/sdxl': { scheduler: 'DDIM', apply_watermark: false },
};

function generated(of: readonly Model[], runs: number): GeneratedRequest[] {
  return generatedRequests({
    models: of,
    protocol: replicateProtocol,
    instance: { name: 'replicate', fields: new Map(), secrets: new Map([['API_KEY', new Secret('k')]]) },
    adapters: ['owner/trained', 'https://weights.example/a.safetensors'],
    options: [{ go_fast: false }, ...Object.values(OPTIONS)],
    runs,
  });
}

/** The name of a model without its version. */
const plainName = (nativeModel: string) => nativeModel.split(':', 1)[0] as string;

const inputOf = ({ wire }: GeneratedRequest) => jsonBody(wire).input;

interface ModelSchemas {
  readonly [model: string]: { readonly version: string; readonly schemas: Record<string, object> };
}

/** A model's input with everything forbidden that it does not list. */
function inputSchema(schemas: Record<string, object>): ValidateFunction {
  return closedSchema({ components: { schemas } }, schemas.Input ?? {});
}

describeWithSpec<ModelSchemas>(
  'replicate-model-schemas.2025-01.json',
  'inputs keep the schemas of Replicate’s models',
  (spec) => {
    const known = models.filter(({ nativeModel }) => plainName(nativeModel) in spec);

    test('over the whole vocabulary', () => {
      const requests = generated(known, 400);
      const validators = new Map<string, ValidateFunction>();
      const values = requests.map((request) => {
        const name = plainName(request.model.nativeModel);
        const validate = validators.get(name) ?? inputSchema(spec[name]?.schemas ?? {});
        validators.set(name, validate);
        return { validate, value: inputOf(request) };
      });
      expect(validators.size).toBe(10);
      expect(values.length).toBeGreaterThanOrEqual(400);
      expect(faultsOf(values)).toEqual([]);
      expect(openPlaces(values)).toEqual([]);
    });

    test('entries by version name the version whose schema it is', () => {
      const versions = known.flatMap(({ nativeModel }) => nativeModel.split(':').slice(1));
      expect(versions.sort()).toEqual(
        ['stability-ai/sdxl', 'ostris/flux-dev-lora-trainer'].map((name) => spec[name]?.version).sort(),
      );
    });
  },
);

describe('inputs keep the pages of Replicate’s newer models', () => {
  const newer = models.filter(({ nativeModel }) => nativeModel in PAGE_SCHEMAS);

  test('over the whole vocabulary', () => {
    const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: false });
    const validators = new Map(
      Object.entries(PAGE_SCHEMAS).map(([name, schema]) => [name, ajv.compile(schema)]),
    );
    const requests = generated(newer, 300);
    const values = requests.map((request) => ({
      validate: validators.get(request.model.nativeModel) as ValidateFunction,
      value: inputOf(request),
    }));
    expect(new Set(newer.map(({ nativeModel }) => nativeModel)).size).toBe(validators.size);
    expect(values.length).toBeGreaterThanOrEqual(300);
    expect(faultsOf(values)).toEqual([]);
    expect(openPlaces(values)).toEqual([]);
  });
});

interface Api {
  readonly paths: Readonly<Record<string, { readonly post: Operation }>>;
}

interface Operation {
  readonly requestBody: {
    readonly content: { readonly 'application/json': { readonly schema: { readonly $ref: string } } };
  };
}

describeWithSpec<Api>('replicate.openapi.json', 'bodies keep Replicate’s specification', (spec) => {
  const { schemas } =
    (spec as unknown as { components: { schemas: Record<string, object> } }).components ?? {};
  const validatorOf = (path: string) => {
    const name = spec.paths[path]?.post.requestBody.content['application/json'].schema.$ref.split('/').at(-1);
    return closedSchema(spec, schemas[name ?? ''] ?? {});
  };

  test('over the whole vocabulary', () => {
    const official = validatorOf('/models/{model_owner}/{model_name}/predictions');
    const byVersion = validatorOf('/predictions');
    const deployed = validatorOf('/deployments/{deployment_owner}/{deployment_name}/predictions');
    const deployments = models
      .filter(({ nativeModel }) => nativeModel.endsWith('/flux-dev'))
      .map((model) => ({ ...model, nativeModel: 'acme/flux', operation: 'deployment' }) as Model);
    const values = generated([...models, ...deployments], 300).map(({ wire }) => {
      const path = new URL(wire.url).pathname;
      const isDeployed = path === '/v1/deployments/acme/flux/predictions';
      const validate = isDeployed ? deployed : path === '/v1/predictions' ? byVersion : official;
      if (validate === official) expect(path).toMatch(/^\/v1\/models\/[^/]+\/[^/]+\/predictions$/);
      return { validate, value: wire.body?.kind === 'json' ? wire.body.value : undefined };
    });
    expect(new Set(values.map(({ validate }) => validate)).size).toBe(3);
    expect(faultsOf(values)).toEqual([]);
    // The input is the model's own, and held against its schema above.
    expect(openPlaces(values)).toEqual(['/input']);
  });
});
