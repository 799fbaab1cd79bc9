import { ModelSchema } from '@atelier/protos/atelier/provider/v1/model_pb.ts';
import { fromJson, type JsonValue, toJson } from '@bufbuild/protobuf';
import { expect, test } from '@jest/globals';
import { fromEntryForm, toEntryForm } from './entry-form.ts';

const written: JsonValue = {
  name: 'models/my-sdxl',
  display_name: 'Mine',
  provider: 'gpu2',
  native_model: 'mine.safetensors',
  state: 'experimental',
  tasks: ['generate', 'replace_background'],
  max_images_per_request: 4,
  shutdown_time: '2027-01-31',
  capabilities: {
    prompt: { support: 'native', native: 'prompt.6.inputs.text' },
    size: {
      support: 'native',
      min: 64,
      max: 2048,
      default_value: '1024x1024',
      native: [
        { path: 'width', transform: 'width' },
        { path: 'height', transform: 'height' },
      ],
    },
    safety: {
      support: 'native',
      values: ['standard'],
      native: { path: 'safe', transform: 'lookup', values: { standard: true } },
    },
    reference_images: { support: 'native', max: 1, roles: ['init'] },
    style: { support: 'emulated' },
  },
  constants: { prompt: { '6': { class_type: 'Native', inputs: { support: 'NATIVE' } } } },
  pricing: { version: 'v1', rules: [{ unit: 'image', micro_usd: 3000, when: { quality: 'high' } }] },
};

test('an entry as the catalog has them is read, and a message is written as one', () => {
  const model = fromJson(ModelSchema, fromEntryForm(ModelSchema, written));
  expect(model.capabilities.map(({ field }) => field)).toEqual([
    'prompt',
    'size',
    'safety',
    'reference_images',
    'style',
  ]);
  expect(toEntryForm(ModelSchema, toJson(ModelSchema, model))).toEqual(written);
});

test('the JSON form of the message stays as it is, and so does what nobody knows', () => {
  const json: JsonValue = {
    name: 'models/x',
    state: 'MODEL_STATE_EXPERIMENTAL',
    capabilities: [{ field: 'prompt', support: 'SUPPORT_NATIVE', native: [{ path: 'prompt' }] }],
  };
  expect(fromEntryForm(ModelSchema, json)).toEqual(json);
  const broken: JsonValue = { bogus: 1, state: 'sometimes', capabilities: { prompt: 'native' } };
  expect(fromEntryForm(ModelSchema, broken)).toEqual({
    bogus: 1,
    state: 'sometimes',
    capabilities: [{ field: 'prompt', support: 'SUPPORT_NATIVE' }],
  });
});
