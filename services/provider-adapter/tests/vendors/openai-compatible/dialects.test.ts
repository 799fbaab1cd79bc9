import { Secret } from '@atelier/config';
import {
  OnUnsupported,
  ParametersSchema,
  ReferenceRole,
  Task,
} from '@atelier/protos/atelier/common/v1/parameters_pb.ts';
import { FieldDisposition, ValueSource } from '@atelier/protos/atelier/provider/v1/receipt_pb.ts';
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { expect, test } from '@jest/globals';
import { translate } from '../../../src/parameters/translate.ts';
import type { Job } from '../../../src/providers/http/protocol.ts';
import { settingsOf } from '../../../src/providers/http/settings.ts';
import { realImages } from '../../../src/providers/http/slot-images.ts';
import { jsonBody } from '../../../src/providers/http/wire-request.ts';
import { readImages } from '../../../src/providers/openai/answer.ts';
import { DIALECTS } from '../../../src/providers/openai-compatible/dialects.ts';
import { dialectProtocol } from '../../../src/providers/openai-compatible/protocol.ts';
import { builtInModels } from '../../catalog-models.ts';
import { formFields } from '../schema-check.ts';

const modelOf = await builtInModels();
const picture = { bytes: Buffer.from('picture'), mediaType: 'image/png', sha256: 'a'.repeat(64) };
const image = (role: ReferenceRole) => ({ role, source: { case: 'image' as const, value: 'images/1' } });

/** The first request for a model, as it would leave. */
function requestFor(
  id: string,
  {
    prompt = 'an apple',
    task = Task.GENERATE,
    ...parameters
  }: MessageInitShape<typeof ParametersSchema> & {
    prompt?: string;
    task?: Task;
  },
) {
  const model = modelOf(id);
  const translation = translate({
    model,
    providerType: model.provider,
    task,
    prompt,
    layers: [{ source: ValueSource.CALL, parameters: create(ParametersSchema, parameters as never) }],
    policy: OnUnsupported.ADAPT,
    candidates: [{}],
  });
  const { nativeModel, operation, provider } = model;
  const fields = new Map([['BASE_URL', 'https://server.example/v1']]);
  const settings = settingsOf(
    { name: provider, fields, secrets: new Map([['API_KEY', new Secret('k')]]) },
    '',
  );
  const call = { nativeModel, operation, body: translation.requests[0]?.body ?? {}, images: 1 };
  const wire = dialectProtocol(provider).request(
    call,
    settings,
    realImages(() => picture, new Map()),
  );
  return { translation, wire, json: wire.body?.kind === 'json' ? jsonBody(wire) : {} };
}

function dispositionOf({ translation }: ReturnType<typeof requestFor>, field: string) {
  return translation.receipt.find((entry) => entry.field === field)?.disposition;
}

test('LocalAI splits the prompt at a bar: the caller’s own bars are not taken for it', () => {
  const { json } = requestFor('localai-stablediffusion', {
    prompt: 'cats | dogs',
    negativePrompt: 'rain|snow',
  });
  expect(json.prompt).toBe('cats / dogs|rain/snow');
  expect(json).not.toHaveProperty('negative_prompt');
  expect(requestFor('localai-stablediffusion', { prompt: 'cats | dogs' }).json.prompt).toBe('cats / dogs');
});

test('LocalAI paints anew by a form of its own, whose prompt is not split', () => {
  const { wire } = requestFor('localai-inpainting', {
    prompt: 'cats | dogs',
    task: Task.INPAINT,
    referenceImages: [image(ReferenceRole.INIT), image(ReferenceRole.MASK)],
  });
  expect(wire.url).toBe('https://server.example/v1/images/inpainting');
  expect(formFields(wire)).toEqual({
    model: 'stablediffusion',
    prompt: 'cats | dogs',
    steps: 25,
    image: '<image/png>',
    mask: '<image/png>',
  });
});

test('Together says base64 where the others say b64_json', () => {
  expect(requestFor('together-flux-1-schnell', {}).json.response_format).toBe('base64');
  expect(requestFor('grok-imagine-image-2.0', {}).json.response_format).toBe('b64_json');
});

test('xAI has no seed, no size and no mask, and edits by JSON', () => {
  const made = requestFor('grok-imagine-image-2.0', {
    seed: 7n,
    size: { width: 1_024, height: 1_024 },
    task: Task.EDIT,
    referenceImages: [image(ReferenceRole.INIT), image(ReferenceRole.MASK)],
  });
  expect(dispositionOf(made, 'seed')).toBe(FieldDisposition.DROPPED);
  expect(dispositionOf(made, 'size')).toBe(FieldDisposition.EMULATED);
  expect(dispositionOf(made, 'reference_images[1]')).toBe(FieldDisposition.DROPPED);
  expect(made.wire.url).toBe('https://server.example/v1/images/edits');
  const url = `data:image/png;base64,${picture.bytes.toString('base64')}`;
  expect(made.json.images).toEqual([{ type: 'image_url', url }]);
  expect(made.json).not.toHaveProperty('seed');
});

test('SGLang is told a seed, since it would take the same one for ever', () => {
  const model = modelOf('sglang-flux-1-dev');
  expect(model.capabilities.map(({ field }) => field)).toContain('seed');
  expect(requestFor('sglang-flux-1-dev', { seed: 7n }).json.seed).toBe(7);
});

test('Recraft takes a ratio or a size in one field', () => {
  expect(requestFor('recraft-v4.1', { aspectRatio: '16:9' }).json.size).toBe('16:9');
  expect(requestFor('recraft-v4.1', { size: { width: 1_344, height: 768 } }).json.size).toBe('1344x768');
});

test('Recraft removes backgrounds without a model, and answers with one image', async () => {
  const { wire } = requestFor('recraft-remove-background', {
    task: Task.REMOVE_BACKGROUND,
    referenceImages: [image(ReferenceRole.INIT)],
  });
  expect(formFields(wire)).toEqual({ response_format: 'url', image_format: 'png', image: '<image/png>' });
  const answer = await read('recraft', {
    created: 1,
    credits: 10,
    image: { image_id: 'x', b64_json: 'cGljdHVyZQ==' },
  });
  expect(answer).toMatchObject({ images: [{ kind: 'image' }], microUsd: 10_000 });
});

test('what an answer says that it cost: ten thousand ticks are a millionth of a dollar, and a credit a thousandth', async () => {
  const data = [{ b64_json: 'cGljdHVyZQ==' }];
  const grok = await read('xai', { data, usage: { cost_in_usd_ticks: 400_000_000 } });
  expect(grok.microUsd).toBe(40_000);
  expect((await read('recraft', { data, credits: 35 })).microUsd).toBe(35_000);
});

test('some of the images are refused, and the others are kept', async () => {
  const { images } = await read('xai', {
    data: [
      { b64_json: 'cGljdHVyZQ==', respect_moderation: true },
      { url: '', respect_moderation: false },
    ],
  });
  expect(images.map(({ kind }) => kind)).toEqual(['image', 'refusal']);
});

test('a prompt that comes back as it was sent was not revised', async () => {
  const { images } = await read('sglang', {
    data: [
      { b64_json: 'cGljdHVyZQ==', revised_prompt: 'an apple' },
      { b64_json: 'cGljdHVyZQ==', revised_prompt: 'a ripe apple' },
    ],
  });
  expect(images).toMatchObject([{ revisedPrompt: undefined }, { revisedPrompt: 'a ripe apple' }]);
});

function read(type: string, json: object) {
  const job = {
    download: () => Promise.reject(new Error('nothing is to be fetched')),
    submission: { body: { prompt: 'an apple' } },
  } as unknown as Job;
  const answer = {
    status: 200,
    header: () => undefined,
    json: json as never,
    image: (text: unknown) =>
      typeof text === 'string' && text !== '' ? Buffer.from(text, 'base64') : undefined,
  };
  return readImages(answer, job, DIALECTS[type]?.answer);
}
