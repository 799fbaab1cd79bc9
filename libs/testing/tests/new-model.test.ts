import { type Atelier, createAtelier } from '@atelier/client';
import { OnUnsupported } from '@atelier/protos/atelier/common/v1/parameters_pb.ts';
import { LadderStep, Outcome } from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import { ModelSchema } from '@atelier/protos/atelier/provider/v1/model_pb.ts';
import { FieldDisposition } from '@atelier/protos/atelier/provider/v1/receipt_pb.ts';
import { fromJson, type JsonValue } from '@bufbuild/protobuf';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import sharp from 'sharp';
import { sketcherScript } from '../../../services/provider-adapter/tests/vendors/replicate/sketcher.ts';
import {
  type ScriptedServer,
  startScriptedServer,
} from '../../../services/provider-adapter/tests/vendors/scripted-server.ts';
import { launchTestMesh, type TestMesh } from '../src/index.ts';
import { sha256 } from './support/pictures.ts';

// A model that the build never saw, with names of its own for everything, is one entry more: it is registered while the
// mesh runs, and from then on goes through the whole cycle as every other does.

const native = (field: string, path: string, more: object = {}) => ({
  field,
  support: 'SUPPORT_NATIVE',
  native: [{ path }],
  ...more,
});

const ENTRY = {
  name: 'models/pencil',
  provider: 'replicate',
  native_model: `acme/sketcher:${'5f'.repeat(32)}`,
  state: 'MODEL_STATE_VALIDATED',
  tasks: ['TASK_GENERATE'],
  max_images_per_request: 8,
  typical_latency_ms: 5_000,
  capabilities: [
    native('prompt', 'caption'),
    native('negative_prompt', 'negative'),
    native('guidance', 'cfg_scale', { min: 1, max: 12 }),
    native('seed', 'seed', { min: 0, max: 2_147_483_647 }),
    {
      ...native('aspect_ratio', 'ratio', { values: ['1:1', '16:9', '9:16'] }),
      native: [{ path: 'ratio', transform: 'TRANSFORM_RATIO_X' }],
    },
  ],
  constants: { paper: 'rough' },
  options_schema: {
    type: 'object',
    additionalProperties: false,
    properties: { hardness: { enum: ['2H', 'HB', '2B'] } },
  },
  pricing: {
    version: 'acme-1',
    rules: [{ unit: 'second', micro_usd: 1_000 }],
    bounds: [{ unit: 'image', micro_usd: 9_000 }],
  },
};

let server: ScriptedServer;
let mesh: TestMesh;
let atelier: Atelier;

beforeAll(async () => {
  server = await startScriptedServer(sketcherScript);
  mesh = await launchTestMesh({
    ...sketcherScript.env(server.origin),
    PROVIDER_REPLICATE_POLL_MS: '1',
    FETCH_ALLOWED_ORIGINS: server.origin,
  });
  atelier = createAtelier({ address: mesh.mesh.address });
}, 120_000);

afterAll(async () => {
  atelier?.close();
  await mesh?.[Symbol.asyncDispose]();
  await server?.[Symbol.asyncDispose]();
});

test('registered at run time, it goes through the whole cycle', async () => {
  const question = { id: 'there', text: 'Is there something?', required: true, check: { kind: 'not_blank' } };
  await atelier.services.projects.createProject({
    project: { name: 'projects/sketches', questions: [question] },
  });
  const { model } = await atelier.services.catalog.registerModel({
    model: fromJson(ModelSchema, ENTRY as unknown as JsonValue),
  });
  expect(model).toMatchObject({ registered: true, configured: true });

  // The first round brings an empty sheet, the second a drawing.
  const [blank, drawing] = await Promise.all([sheet(false), sheet(true)]);
  server.play([
    { kind: 'images', images: [blank] },
    { kind: 'images', images: [drawing] },
  ]);
  const generation = await atelier.generate({
    project: 'sketches',
    model: 'pencil',
    brief: 'a red apple on a plain white background',
    onUnsupported: OnUnsupported.ADAPT,
    parameters: {
      negativePrompt: 'people',
      guidance: 20,
      seed: 7,
      aspectRatio: '16:9',
      steps: 10,
      providerOptions: { replicate: { hardness: '2B' } },
    },
  });
  expect(generation).toMatchObject({ outcome: Outcome.APPROVED, model: 'models/pencil' });
  expect(generation.rounds.map(({ step }) => step)).toEqual([LadderStep.UNSPECIFIED, LadderStep.REWRITE]);

  const inputs = server.requests
    .filter((request) => sketcherScript.isSubmit(request))
    .map(({ json }) => (json as { input: Record<string, unknown> }).input);
  expect(inputs).toHaveLength(2);
  expect(inputs[0]).toMatchObject({
    caption: expect.stringContaining('red apple'),
    negative: expect.stringContaining('people'),
    cfg_scale: 12,
    seed: 7,
    ratio: '16x9',
    paper: 'rough',
    hardness: '2B',
  });

  const told = Object.fromEntries(
    (generation.rounds[0]?.receipt?.fields ?? []).map(({ field, disposition, nativeField }) => [
      field,
      [disposition, nativeField],
    ]),
  );
  expect(told).toMatchObject({
    prompt: [FieldDisposition.NATIVE, 'caption'],
    negative_prompt: [FieldDisposition.NATIVE, 'negative'],
    guidance: [FieldDisposition.CLAMPED, 'cfg_scale'],
    seed: [FieldDisposition.NATIVE, 'seed'],
    aspect_ratio: [FieldDisposition.NATIVE, 'ratio'],
    steps: [FieldDisposition.DROPPED, ''],
    'provider_options.replicate': [FieldDisposition.NATIVE, 'hardness'],
  });

  // The very bytes, and what the GPU's two and a half seconds cost in each round.
  const bytes = Buffer.from(await atelier.downloadImage(generation.results[0]?.image?.name ?? ''));
  expect(sha256(bytes)).toBe(sha256(drawing));
  expect(generation.cost?.microUsd).toBe(5_000n);
});

test('what it publishes of itself is drafted, and the draft too may be registered and used', async () => {
  const { model: draft, notes } = await atelier.services.catalog.draftModel({
    provider: 'replicate',
    nativeModel: 'acme/sketcher',
  });
  if (draft === undefined) throw new Error('there is no draft');
  expect(notes.join('\n')).toContain('It needs paper');
  // A person sees to what the notes say.
  draft.constants = { paper: 'smooth' };
  await atelier.services.catalog.registerModel({ model: draft });
  await atelier.services.projects.createProject({
    project: { name: 'projects/drafts', policy: { allowExperimental: true } },
  });
  server.play([{ kind: 'images', images: [await sheet(true)] }]);
  const generation = await atelier.generate({
    project: 'drafts',
    model: draft.name.slice('models/'.length),
    brief: 'a red apple',
    parameters: { aspectRatio: '9:16', steps: 20 },
  });
  expect(generation).toMatchObject({ outcome: Outcome.UNJUDGED });
  expect(server.requests.find((request) => sketcherScript.isSubmit(request))?.json).toMatchObject({
    input: { caption: expect.stringContaining('a red apple'), ratio: '9x16', num_steps: 20, paper: 'smooth' },
  });
});

/** A sheet of paper, with a drawing on it or not. */
function sheet(isDrawn: boolean): Promise<Buffer> {
  const [width, height] = [320, 180];
  const circle = `<svg width="${width}" height="${height}"><circle cx="160" cy="90" r="60" fill="#c03020"/></svg>`;
  const paper = sharp({ create: { width, height, channels: 3, background: '#ffffff' } });
  return (isDrawn ? paper.composite([{ input: Buffer.from(circle) }]) : paper).png().toBuffer();
}
