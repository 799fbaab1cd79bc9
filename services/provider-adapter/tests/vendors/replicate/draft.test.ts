import { Secret } from '@atelier/config';
import { type Model, ModelSchema, ModelState } from '@atelier/protos/atelier/provider/v1/model_pb.ts';
import { Code } from '@atelier/rpc';
import { describeWithSpec } from '@atelier/testing';
import { type JsonValue, toJson } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ValidateFunction } from 'ajv/dist/2020.js';
import { readCatalog } from '../../../src/catalog/data-files.ts';
import { jsonBody } from '../../../src/providers/http/wire-request.ts';
import { draftEntry } from '../../../src/providers/replicate/draft/draft-entry.ts';
import { replicateProtocol } from '../../../src/providers/replicate/protocol.ts';
import { type AdapterClients, openStage, type Stage, startAdapter } from '../../harness.ts';
import { generatedRequests } from '../generated-requests.ts';
import { closedSchema, faultsOf } from '../schema-check.ts';
import { type ScriptedServer, startScriptedServer } from '../scripted-server.ts';
import { SKETCHER } from './published-model.ts';
import { replicateScript } from './script.ts';

/** Capabilities as the catalog's files write them, by field. */
function capabilities(model: Model | undefined): Record<string, unknown> {
  if (model === undefined) throw new Error('there is no draft');
  const json = toJson(ModelSchema, model, { useProtoFieldName: true }) as { capabilities: JsonValue[] };
  return Object.fromEntries(
    json.capabilities.map((capability) => {
      const { field, ...rest } = capability as { field: string };
      return [field, rest];
    }),
  );
}

const native = (path: string, more: object = {}) => ({
  support: 'SUPPORT_NATIVE',
  native: [{ path, ...more }],
});

describe('a draft', () => {
  let stage: Stage;
  let server: ScriptedServer;
  let adapter: AdapterClients & AsyncDisposable;

  beforeAll(async () => {
    stage = await openStage();
    server = await startScriptedServer({
      ...replicateScript,
      reply(request, vendor) {
        const reply = replicateScript.reply(request, vendor);
        if (reply?.status !== 404) return reply;
        const { path } = request;
        if (path === '/v1/models/acme/sketcher') return { status: 200, body: SKETCHER };
        if (path === '/v1/models/acme/away') return { status: 503, body: { detail: 'maintenance' } };
        if (path === `/v1/models/acme/sketcher/versions/${'6e'.repeat(32)}`) {
          return { status: 200, body: { ...SKETCHER.latest_version, id: '6e'.repeat(32) } };
        }
        return reply;
      },
    });
    adapter = await startAdapter(stage, {}, replicateScript.env(server.origin));
  });

  afterAll(async () => {
    await adapter[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
    await stage[Symbol.asyncDispose]();
  });

  const call = () => ({ principal: stage.caller('teams/platform', ['platform-admin']) });
  const draft = (nativeModel: string, clients: AdapterClients = adapter) =>
    clients.catalog.draftModel({ provider: 'replicate', nativeModel }, call());

  test('names of its own are known by what they mean', async () => {
    const { model, notes } = await draft('acme/sketcher');
    expect(model).toMatchObject({
      name: 'models/replicate-acme-sketcher',
      nativeModel: `acme/sketcher:${'5f'.repeat(32)}`,
      state: ModelState.EXPERIMENTAL,
      maxImagesPerRequest: 8,
      typicalLatencyMs: 7_000n,
      terms: { license: 'https://acme.example/licence' },
    });
    expect(model?.pricing).toBeUndefined();
    expect(capabilities(model)).toMatchObject({
      prompt: native('caption'),
      negative_prompt: native('negative'),
      aspect_ratio: {
        ...native('ratio', { transform: 'TRANSFORM_RATIO_X' }),
        values: ['1:1', '16:9', '9:16'],
        default_value: '1:1',
      },
      count: { ...native('num_samples'), min: 1, max: 8 },
      guidance: { ...native('cfg_scale'), min: 1, max: 12, default_value: 6.5 },
      steps: { ...native('num_steps'), min: 1, max: 60, default_value: 30 },
      seed: { ...native('seed'), min: 0, max: 2_147_483_647 },
      init_image: native('source_image'),
      init_strength: { ...native('image_strength', { transform: 'TRANSFORM_INVERT' }), default_value: 0.7 },
      mask_image: native('mask_image', { transform: 'TRANSFORM_MASK_INVERT' }),
      output_format: {
        ...native('format', { transform: 'TRANSFORM_LOOKUP', values: { jpeg: 'jpg', png: 'png' } }),
        default_value: 'jpeg',
      },
      compression: { support: 'SUPPORT_EMULATED' },
    });
    expect(model?.optionsSchema).toEqual({
      type: 'object',
      additionalProperties: false,
      properties: {
        paper: { type: 'string', enum: ['smooth', 'rough'] },
        hardness: { type: 'string', enum: ['2H', 'HB', '2B'], default: 'HB' },
      },
    });
    const said = notes.join('\n');
    for (const word of ['same', 'image_strength', 'mask_image', 'paper', 'hardness', 'price', 'terms']) {
      expect(said).toContain(word);
    }
  });

  test('the catalog takes a draft as it is', async () => {
    const { model } = await draft('acme/sketcher');
    const { model: registered } = await adapter.catalog.registerModel({ model: model as Model }, call());
    expect(registered).toMatchObject({ registered: true, configured: true, state: ModelState.EXPERIMENTAL });
  });

  test('a version is drafted by its own schema', async () => {
    const version = '6e'.repeat(32);
    const { model } = await draft(`acme/sketcher:${version}`);
    expect(model?.nativeModel).toBe(`acme/sketcher:${version}`);
  });

  test.each([
    ['acme/nothing', Code.NOT_FOUND],
    [`acme/sketcher:${'00'.repeat(32)}`, Code.NOT_FOUND],
    ['no-owner', Code.NOT_FOUND],
    ['acme/away', Code.UNAVAILABLE],
  ])('%s', async (nativeModel, code) => {
    const error = await draft(nativeModel).catch((thrown: Error) => thrown);
    expect(error).toMatchObject({ code });
    expect((error as Error).message).not.toContain('r8_');
  });

  test('what is no name of a model is not even asked for', async () => {
    server.play([]);
    for (const name of ['../account', 'owner/..', 'owner/name/versions', 'owner/name?x=1']) {
      await expect(draft(name)).rejects.toMatchObject({ code: Code.NOT_FOUND });
    }
    expect(server.requests).toEqual([]);
  });

  test('without a key it is not configured', async () => {
    await using bare = await startAdapter(stage);
    await expect(draft('acme/sketcher', bare)).rejects.toMatchObject({ code: Code.FAILED_PRECONDITION });
  });
});

interface ModelSchemas {
  readonly [model: string]: { readonly version: string; readonly schemas: Record<string, object> };
}

/**
 * Where a draft may differ from an entry that a person made. A draft takes the first of several names, does not read that
 * an image is a guide to style, and sends an option to a mask that the entry leaves out.
 */
const DIFFERENT: Readonly<Record<string, readonly string[]>> = {
  'black-forest-labs/flux-schnell': ['resolution'],
  'black-forest-labs/flux-dev': ['resolution'],
  'black-forest-labs/flux-dev-lora': ['resolution'],
  'black-forest-labs/flux-1.1-pro': ['style_image', 'reference_images'],
};

describeWithSpec<ModelSchemas>(
  'replicate-model-schemas.2025-01.json',
  'drafts from the schemas of Replicate’s models',
  (spec) => {
    const drafts = Object.entries(spec).map(([nativeModel, { version, schemas }]) => {
      const [owner = '', name = ''] = nativeModel.split('/');
      const latest = { id: version, openapi_schema: { components: { schemas } } } as never;
      return draftEntry({ owner, name, is_official: true, latest_version: latest }, 'replicate').model;
    });

    test('say what the entries say that people made', async () => {
      const entries = (await readCatalog({ hasProvider: () => true })).filter(
        ({ provider, name }) => provider === 'replicate' && !name.endsWith('-inpaint'),
      );
      for (const draft of drafts) {
        const entry = entries.find(({ nativeModel }) => nativeModel.split(':', 1)[0] === draft.nativeModel);
        const [made, drafted] = [capabilities(entry), capabilities(draft)];
        for (const [field, capability] of Object.entries(made)) {
          if (DIFFERENT[draft.nativeModel]?.includes(field)) continue;
          const { support, native: places } = capability as { support?: string; native?: unknown };
          if (support !== 'SUPPORT_NATIVE' || places === undefined) continue;
          const told = { model: draft.nativeModel, field, native: drafted[field] };
          expect(told).toMatchObject({ native: { support, native: places } });
        }
      }
    });

    test('make requests that keep the schemas', () => {
      const requests = generatedRequests({
        models: drafts,
        protocol: replicateProtocol,
        instance: { name: 'replicate', fields: new Map(), secrets: new Map([['API_KEY', new Secret('k')]]) },
        adapters: ['owner/trained'],
        runs: 200,
      });
      const validators = new Map(
        Object.entries(spec).map(([name, { schemas }]) => [
          name,
          closedSchema({ components: { schemas } }, schemas.Input ?? {}),
        ]),
      );
      const values = requests.map(({ model, wire }) => ({
        validate: validators.get(model.nativeModel) as ValidateFunction,
        value: jsonBody(wire).input,
      }));
      expect(values.length).toBeGreaterThanOrEqual(200);
      expect(faultsOf(values)).toEqual([]);
    });
  },
);
