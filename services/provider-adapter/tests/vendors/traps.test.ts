import {
  OnUnsupported,
  ParametersSchema,
  ReferenceRole,
  Task,
} from '@atelier/protos/atelier/common/v1/parameters_pb.ts';
import { ModelState } from '@atelier/protos/atelier/provider/v1/model_pb.ts';
import { FieldDisposition, ValueSource } from '@atelier/protos/atelier/provider/v1/receipt_pb.ts';
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { timestampDate } from '@bufbuild/protobuf/wkt';
import { describe, expect, test } from '@jest/globals';
import { asImageSlot } from '../../src/parameters/image-slot.ts';
import { translate } from '../../src/parameters/translate.ts';
import { builtInModels } from '../catalog-models.ts';

const modelOf = await builtInModels();

function run(
  id: string,
  parameters: MessageInitShape<typeof ParametersSchema>,
  { task = Task.GENERATE as Task, policy = OnUnsupported.ADAPT as OnUnsupported } = {},
) {
  const model = modelOf(id);
  const layers = [{ source: ValueSource.CALL, parameters: create(ParametersSchema, parameters) }];
  const input = { model, providerType: model.provider, task, prompt: 'an apple', layers, policy };
  const translation = translate({ ...input, candidates: [{}] });
  const dispositionOf = (field: string) =>
    translation.receipt.find((entry) => entry.field === field)?.disposition;
  return { ...translation, body: translation.requests[0]?.body ?? {}, dispositionOf };
}

const image = (role: ReferenceRole, strength?: number) => ({
  role,
  source: { case: 'image' as const, value: 'images/1' },
  ...(strength !== undefined && { strength }),
});
const [init, mask] = [image(ReferenceRole.INIT), image(ReferenceRole.MASK)];

describe('what a mask means', () => {
  test.each([
    // Transparent is where to paint.
    ['gpt-image-2', 'mask', 'mask_alpha'],
    ['azure-gpt-image-2', 'mask', 'mask_alpha'],
    // White is where to paint, as it is here.
    ['flux-1-fill-pro', 'mask', 'none'],
    ['stable-image-inpaint', 'mask', 'none'],
    ['fal-flux-pro-fill', 'mask_url', 'none'],
    ['recraft-v3-inpaint', 'mask', 'none'],
    ['localai-inpainting', 'mask', 'none'],
  ])('%s: %s, %s', (id, field, change) => {
    const { body } = run(id, { referenceImages: [init, mask] }, { task: Task.INPAINT });
    expect(asImageSlot(body[field] ?? null)).toEqual({ reference: 1, change });
  });

  test.each([
    'gemini-3-pro-image',
    'grok-imagine-image-2.0',
    'together-flux-1-kontext-pro',
    'flux-2-pro',
    'sd3.5-large',
  ])('%s has none, and says so', (id) => {
    const options = { task: Task.EDIT, policy: OnUnsupported.STRICT };
    const { problems } = run(id, { referenceImages: [init, mask] }, options);
    expect(problems.map(({ field }) => field)).toContain('parameters.reference_images[1]');
  });
});

describe('how far from the picture: 0.8 of the way', () => {
  test.each([
    ['stable-image-ultra', 'strength', 0.8],
    ['sd3.5-large', 'strength', 0.8],
    ['fal-flux-dev-image-to-image', 'strength', 0.8],
    ['recraft-v3-image-to-image', 'strength', 0.8],
    // These count how near: 0 is to ignore the picture.
    ['flux-1.1-pro-ultra', 'image_prompt_strength', 0.2],
    ['fal-flux-1.1-pro-ultra', 'image_prompt_strength', 0.2],
  ])('%s: %s %d', (id, field, expected) => {
    const parameters = { referenceImages: [image(ReferenceRole.INIT, 0.8)] };
    expect(run(id, parameters, { task: Task.EDIT }).body[field]).toBe(expected);
  });

  test.each([
    'gpt-image-2',
    'gemini-3-pro-image',
    'grok-imagine-image-2.0',
    'flux-2-pro',
    'together-flux-1-kontext-pro',
  ])('%s does not know how far', (id) => {
    const parameters = { referenceImages: [image(ReferenceRole.INIT, 0.8)] };
    const { dispositionOf } = run(id, parameters, { task: Task.EDIT });
    expect(dispositionOf('reference_images[0].strength')).toBe(FieldDisposition.DROPPED);
  });
});

test('Stability takes no picture without a strength, and no strength without a picture', () => {
  for (const id of ['stable-image-ultra', 'sd3.5-large']) {
    expect(run(id, { referenceImages: [init] }, { task: Task.EDIT }).body.strength).toBe(0.5);
    expect(run(id, {}).body).not.toHaveProperty('strength');
  }
});

test('sd3 takes no ratio beside a picture, and one without', () => {
  const { body, dispositionOf } = run(
    'sd3.5-large',
    { referenceImages: [init], aspectRatio: '16:9' },
    { task: Task.EDIT },
  );
  expect(body).not.toHaveProperty('aspect_ratio');
  expect(dispositionOf('aspect_ratio')).toBe(FieldDisposition.DROPPED);
  expect(run('sd3.5-large', { aspectRatio: '16:9' }).body.aspect_ratio).toBe('16:9');
});

test('Stability takes 0 for a random seed, so that it is never sent', () => {
  expect(run('stable-image-core', { seed: 0n }).body.seed).toBeGreaterThan(0);
});

describe('a ratio of 16:9', () => {
  test.each([
    ['stable-image-core', 'aspect_ratio', '16:9'],
    ['flux-kontext-pro', 'aspect_ratio', '16:9'],
    ['grok-imagine-image-2.0', 'aspect_ratio', '16:9'],
    ['fal-nano-banana-pro', 'aspect_ratio', '16:9'],
    ['recraft-v4.1', 'size', '16:9'],
  ])('%s: %s %s', (id, field, expected) => {
    expect(run(id, { aspectRatio: '16:9' }).body[field]).toBe(expected);
  });

  test('where there are sizes alone it is computed', () => {
    const size = String(run('gpt-image-2', { aspectRatio: '16:9' }).body.size);
    const [width = 0, height = 0] = size.split('x').map(Number);
    // Within half a hundredth, as near as multiples of 16 come.
    expect(Math.abs((width / height) * (9 / 16) - 1)).toBeLessThan(0.005);
    expect([width % 16, height % 16]).toEqual([0, 0]);
  });
});

test('gpt-image-2 makes no picture of fewer than 655,360 pixels: a small one is made larger and scaled down', () => {
  const { body, finish } = run('gpt-image-2', { size: { width: 512, height: 512 } });
  const [width = 0, height = 0] = String(body.size).split('x').map(Number);
  expect(width * height).toBeGreaterThanOrEqual(655_360);
  expect(finish.size).toEqual({ width: 512, height: 512 });
});

test.each(['gpt-image-2', 'azure-gpt-image-2', 'grok-imagine-image-2.0', 'grok-imagine-image'])(
  '%s has no seed',
  (id) => {
    expect(run(id, { seed: 7n }).dispositionOf('seed')).toBe(FieldDisposition.DROPPED);
    const { problems } = run(id, { seed: 7n }, { policy: OnUnsupported.STRICT });
    expect(problems.map(({ field }) => field)).toEqual(['parameters.seed']);
  },
);

describe('models that are gone, or will be', () => {
  test.each([
    ['dall-e-2', '2026-05-12', ModelState.DISABLED],
    ['dall-e-3', '2026-05-12', ModelState.DISABLED],
    ['gpt-image-1', '2026-10-23', ModelState.DISABLED],
    ['gpt-image-1-mini', '2026-12-01', ModelState.DEPRECATED],
    ['gpt-image-1.5', '2026-12-01', ModelState.DEPRECATED],
    ['chatgpt-image-latest', '2026-12-01', ModelState.DEPRECATED],
    ['imagen-4.0-generate-001', '2026-08-17', ModelState.DISABLED],
    ['imagen-4.0-ultra-generate-001', '2026-08-17', ModelState.DISABLED],
    ['imagen-4.0-fast-generate-001', '2026-08-17', ModelState.DISABLED],
    ['grok-imagine-image-pro', '2026-05-15', ModelState.DISABLED],
    ['grok-imagine-image-quality', '2026-11-02', ModelState.DISABLED],
  ])('%s: %s', (id, day, state) => {
    const model = modelOf(id);
    const shutdown = model.shutdownTime && timestampDate(model.shutdownTime);
    expect(shutdown?.toISOString().slice(0, 10)).toBe(day);
    expect(model.state).toBe(state);
    // Whoever is sent on gets somewhere.
    expect(modelOf(model.successor.slice('models/'.length)).shutdownTime).toBeUndefined();
  });
});
