import {
  OnUnsupported,
  ParametersSchema,
  ReferenceRole,
  Task,
} from '@atelier/protos/atelier/common/v1/parameters_pb.ts';
import { FieldDisposition, ValueSource } from '@atelier/protos/atelier/provider/v1/receipt_pb.ts';
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { expect, test } from '@jest/globals';
import { builtInModels } from '../../tests/catalog-models.ts';
import { estimate, priceConditions } from '../pricing/estimate.ts';
import { translate } from './translate.ts';

const modelOf = await builtInModels();

function run(
  id: string,
  call: MessageInitShape<typeof ParametersSchema>,
  policy: OnUnsupported = OnUnsupported.ADAPT,
  task: Task = Task.GENERATE,
) {
  const model = modelOf(id);
  const layers = [{ source: ValueSource.CALL, parameters: create(ParametersSchema, call) }];
  const input = { model, providerType: model.provider, task, prompt: 'x', layers, policy, candidates: [{}] };
  const translation = translate(input);
  return {
    translation,
    cost: estimate(model, translation, task),
    conditions: priceConditions(translation, task),
  };
}

test('what is charged by is what is sent: a size that becomes a resolution costs what the resolution does', () => {
  const { conditions, cost } = run('gemini-3-pro-image', { size: { width: 4_000, height: 4_000 } });
  expect(conditions.resolution).toBe('4k');
  expect(cost.microUsd).toBe(run('gemini-3-pro-image', { resolution: 4 }).cost.microUsd);
});

test('a size that was fitted is priced as it is sent', () => {
  const { conditions } = run('gpt-image-1.5', { size: { width: 1_500, height: 1_000 } });
  expect(conditions.size).toBe('1536x1024');
});

test('a default that is sent counts as if it were asked for, and a step more costs more', () => {
  expect(run('together-flux-1-schnell', {}).conditions.steps).toBe('4');
  expect(run('together-flux-1-schnell', {}).cost.microUsd).toBe(2_700n);
  expect(run('together-flux-1-schnell', { steps: 12 }).cost.microUsd).toBe(8_100n);
});

test('an adapter whose weight nobody says gets that of the entry, and so does one whose weight is dropped', () => {
  const fineTunes = [
    { adapter: 'https://weights.example/a' },
    { adapter: 'https://weights.example/b', weight: -1 },
  ];
  const { translation } = run('together-flux-1-dev-lora', { fineTunes }, OnUnsupported.IGNORE);
  expect(translation.requests[0]?.body.image_loras).toEqual([
    { path: 'https://weights.example/a', scale: 1 },
    { path: 'https://weights.example/b', scale: 1 },
  ]);
  const weights = translation.receipt.filter(({ field }) => field.endsWith('.weight'));
  expect(weights.map(({ disposition }) => disposition)).toEqual([
    FieldDisposition.DEFAULTED,
    FieldDisposition.DROPPED,
  ]);
});

test('an image that cannot go without a strength never does', () => {
  const init = {
    role: ReferenceRole.INIT,
    strength: 0,
    source: { case: 'image' as const, value: 'images/1' },
  };
  const dropped = run(
    'fal-flux-dev-image-to-image',
    { referenceImages: [init] },
    OnUnsupported.IGNORE,
    Task.EDIT,
  );
  expect(dropped.translation.requests[0]?.body.strength).toBe(0.95);
});
