import { CostBasis } from '@atelier/protos/atelier/common/v1/money_pb.ts';
import { OnUnsupported, ReferenceRole, Task } from '@atelier/protos/atelier/common/v1/parameters_pb.ts';
import {
  type CandidateResult,
  CandidateState,
  FailureClass,
} from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import { PricingSchema } from '@atelier/protos/atelier/provider/v1/model_pb.ts';
import { ValueSource } from '@atelier/protos/atelier/provider/v1/receipt_pb.ts';
import { create } from '@bufbuild/protobuf';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { imageSlot } from '../../../src/parameters/image-slot.ts';
import { webuiRequest } from '../../../src/providers/automatic1111/request.ts';
import { settingsOf } from '../../../src/providers/http/settings.ts';
import { shownImages } from '../../../src/providers/http/slot-images.ts';
import { type AdapterClients, generate, openStage, type Stage, startAdapter } from '../../harness.ts';
import { picture } from '../pictures.ts';
import { type ScriptedServer, startScriptedServer } from '../scripted-server.ts';
import type { Reply } from '../vendor-script.ts';
import { answer, automatic1111Script } from './script.ts';

let stage: Stage;
let server: ScriptedServer;
let adapter: AdapterClients & AsyncDisposable;
let run = 0;
/** What the answers say otherwise than usual. */
let changes: object = {};
/** Whose task the server says that it is at, where it is not ours. */
let isOthers = false;

beforeAll(async () => {
  stage = await openStage();
  server = await startScriptedServer({
    ...automatic1111Script,
    reply(request, scripted) {
      const reply = automatic1111Script.reply(request, scripted) as Reply | undefined;
      if (isOthers && request.path === '/internal/progress') {
        return { status: 200, body: { active: false, queued: false, completed: false } };
      }
      if (!automatic1111Script.isSubmit(request) || scripted.scene.kind !== 'images' || reply?.status !== 200)
        return reply;
      scripted.memory.set('state', { job_timestamp: '20261128120000', interrupted: 'state' in changes });
      return { ...reply, body: answer(request.json as object, scripted.scene.images, changes) };
    },
  });
  adapter = await startAdapter(
    stage,
    {},
    {
      ...automatic1111Script.env(server.origin),
      PROVIDER_AUTOMATIC1111_POLL_MS: '1',
      FETCH_ALLOWED_ORIGINS: server.origin,
    },
  );
});

afterAll(async () => {
  await adapter[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
  await stage[Symbol.asyncDispose]();
});

const platform = () => stage.caller('teams/platform', ['platform-admin']);

async function make(
  parameters = {},
  { model = 'a1111-sdxl', prompt = 'a red apple on a table', count = 1 } = {},
): Promise<readonly CandidateResult[]> {
  run += 1;
  const candidates = Array.from({ length: count }, (_, index) => ({ key: `generations/${run}/0/${index}` }));
  const request = {
    model: `models/${model}`,
    prompt,
    layers: [{ source: ValueSource.CALL, parameters }],
    onUnsupported: OnUnsupported.IGNORE,
    allowExperimental: true,
  };
  const told = await generate(adapter, { request, candidates }, { principal: stage.caller() });
  return candidates.map(({ key }) => told.results.get(key) as CandidateResult);
}

async function play(images: number, answerChanges: object = {}): Promise<void> {
  changes = answerChanges;
  const colours = ['#111111', '#c03020', '#20a040', '#3050c0'];
  server.play([
    { kind: 'images', images: await Promise.all(colours.slice(0, images).map((each) => picture(each))) },
  ]);
}

const submitted = () =>
  server.requests.find(automatic1111Script.isSubmit)?.json as {
    readonly prompt: string;
    readonly batch_size: number;
    readonly override_settings: Readonly<Record<string, unknown>>;
  };

/** A copy of the template that takes no seed, so that it makes several images at once, and knows what a second costs. */
async function register(): Promise<void> {
  const { model } = await adapter.catalog.getModel({ name: 'models/a1111-sdxl' }, { principal: platform() });
  const rules = [{ unit: 'second', microUsd: 150 }];
  const pricing = { version: 'own-1', source: 'The price of electricity.', rules };
  const batch = {
    ...model,
    name: 'models/batch',
    etag: '',
    capabilities: model?.capabilities.filter(({ field }) => field !== 'seed'),
    pricing: create(PricingSchema, pricing),
  };
  await adapter.catalog.registerModel({ model: batch as never }, { principal: platform() });
}

test('a grid is no candidate, every image has its seed, and the seconds are the cost', async () => {
  await register();
  await play(4, { index_of_first_image: 1, all_seeds: [7, 8, 9] });
  const results = await make({ count: 3 }, { model: 'batch', count: 3 });
  expect(server.submits).toBe(1);
  expect(submitted().batch_size).toBe(3);
  expect(results.map(({ seed }) => seed)).toEqual([7n, 8n, 9n]);
  expect(new Set(results.map(({ image }) => image?.sha256)).size).toBe(3);
  expect(results[0]?.usage).toMatchObject([
    { unit: 'second', units: 7.25, cost: { microUsd: 1088n, basis: CostBasis.ACTUAL } },
  ]);
});

test('what extensions add behind is no candidate either', async () => {
  await play(3);
  const [result] = await make();
  expect(result).toMatchObject({ state: CandidateState.SUCCEEDED });
});

test('without word of where the images begin, a grid cannot be told from one', async () => {
  await play(4, { index_of_first_image: undefined });
  const results = await make({}, { model: 'batch', count: 3 });
  expect(results).toMatchObject([1, 2, 3].map(() => ({ failure: { class: FailureClass.BAD_ANSWER } })));
});

test('another checkpoint than was asked for is told, and not delivered', async () => {
  await play(1, { sd_model_name: 'dreamshaper_8', sd_model_hash: '879db523c3' });
  const [result] = await make();
  expect(result?.failure).toMatchObject({ class: FailureClass.BAD_ANSWER });
  expect(result?.failure?.message).toContain('used dreamshaper_8');
});

test('fine tunes stand before the words, and are there or it failed', async () => {
  const parameters = { fineTunes: [{ adapter: 'add-detail-xl', weight: 0.8 }, { adapter: 'papercut' }] };
  const hashes = 'add-detail-xl: 9c783c8ce46c, papercut: 1f9a3a5c';
  await play(1, { extra_generation_params: { 'Lora hashes': hashes } });
  const prompt = 'a cat <lora:secret:9>, <lora:open';
  expect((await make(parameters, { prompt })).map(({ state }) => state)).toEqual([CandidateState.SUCCEEDED]);
  expect(submitted().prompt).toBe(
    '<lora:add-detail-xl:0.8> <lora:papercut:1> a cat <lora\\:secret:9>, <lora\\:open',
  );
  expect(submitted().override_settings.lora_add_hashes_to_infotext).toBe(true);
  await play(1, { extra_generation_params: { 'Lora hashes': 'add-detail-xl: 9c783c8ce46c' } });
  const [result] = await make(parameters);
  expect(result?.failure).toMatchObject({ class: FailureClass.BAD_ANSWER });
  expect(result?.failure?.message).toContain('papercut');
});

test('a name that would say more than a name is refused before anything is sent', async () => {
  await play(1);
  await expect(make({ fineTunes: [{ adapter: 'x:1> <lora:y' }] })).rejects.toMatchObject({
    fieldViolations: [{ field: 'parameters.fine_tunes' }],
  });
  expect(server.requests).toHaveLength(0);
});

test('a picture that somebody interrupted is not delivered', async () => {
  await play(1, { state: 'interrupted' });
  const [result] = await make();
  expect(result?.failure).toMatchObject({ class: FailureClass.BAD_ANSWER });
  expect(result?.failure?.message).toContain('interrupted');
  // A later job's state says nothing of ours.
  await play(1, { state: 'interrupted', job_timestamp: '20261128115900' });
  expect(await make()).toMatchObject([{ state: CandidateState.SUCCEEDED }]);
});

test('the job of somebody else is not interrupted', async () => {
  isOthers = true;
  server.play([{ kind: 'pending' }]);
  const making = make();
  await server.seen(automatic1111Script.isSubmit);
  await adapter.generation.cancelGenerateImages(
    { keys: [`generations/${run}/0/0`] },
    { principal: stage.caller() },
  );
  expect(await making).toMatchObject([{ state: CandidateState.CANCELLED }]);
  expect(server.requests.filter((request) => automatic1111Script.isCancel?.(request))).toEqual([]);
  isOthers = false;
});

test('an error tells its kind, and not the prompt that it quotes', async () => {
  server.play([{ kind: 'status', status: 500 }]);
  const [result] = await make();
  expect(result?.failure?.message).toBe(
    'The provider answered 500: OutOfMemoryError: CUDA out of memory while working on […]',
  );
});

test('a picture keeps its shape, and a mask goes out as it is', async () => {
  const size = { width: 4_000, height: 3_000 };
  const settings = settingsOf(
    { name: 'gpu', fields: new Map([['BASE_URL', 'http://gpu.example:7860']]), secrets: new Map() },
    '',
  );
  const body = {
    prompt: 'a cat',
    init_images: [imageSlot({ reference: 0, change: 'none' })],
    mask: imageSlot({ reference: 1, change: 'none' }),
    max_pixels: 1_572_864,
  };
  const call = { nativeModel: 'sdxl', operation: 'img2img', body, images: 1 };
  const facts = { mediaType: 'image/png', sizeBytes: 9, sha256: 'ab', size };
  const wire = webuiRequest(
    call,
    settings,
    shownImages(() => facts, []),
  );
  expect(wire).toMatchObject({ url: 'http://gpu.example:7860/sdapi/v1/img2img', credentials: {} });
  expect(wire.body).toMatchObject({
    value: { width: 1_448, height: 1_088, mask: '<image/png, 9 bytes, sha256 ab>' },
  });
  const inpaint = await adapter.catalog.getModel(
    { name: 'models/a1111-sdxl-inpaint' },
    { principal: platform() },
  );
  expect(inpaint.model?.constants).toMatchObject({ inpainting_mask_invert: 0 });
  expect(inpaint.model?.tasks).toEqual([Task.INPAINT]);
  const roles = inpaint.model?.capabilities.find(({ field }) => field === 'reference_images')?.roles;
  expect(roles).toEqual([ReferenceRole.INIT, ReferenceRole.MASK]);
});
