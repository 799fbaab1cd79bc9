import {
  OnUnsupported,
  type Parameters,
  ParametersSchema,
  ReferenceRole,
  Task,
} from '@atelier/protos/atelier/common/v1/parameters_pb.ts';
import { type Model, Support } from '@atelier/protos/atelier/provider/v1/model_pb.ts';
import { FieldDisposition, ValueSource } from '@atelier/protos/atelier/provider/v1/receipt_pb.ts';
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { describe, expect, test } from '@jest/globals';
import { readCatalog } from '../src/catalog/data-files.ts';
import { translate } from '../src/parameters/translate.ts';

const models = await readCatalog({ hasProvider: () => true });
const providers = Map.groupBy(models, ({ provider }) => provider);

const image = (role: ReferenceRole) => ({
  role,
  source: { case: 'image' as const, value: 'images/00000000-0000-7000-8000-000000000000' },
});

/** One value of every field that the platform can do nothing about unless the model takes it. */
const ASKED: Readonly<Record<string, MessageInitShape<typeof ParametersSchema>>> = {
  negative_prompt: { negativePrompt: 'people' },
  style: { style: 'photographic' },
  seed: { seed: 7n },
  guidance: { guidance: 3 },
  steps: { steps: 20 },
  quality: { quality: 3 },
  background: { background: 2 },
  safety: { safety: 2 },
  style_image: { referenceImages: [image(ReferenceRole.STYLE)] },
  subject_image: { referenceImages: [image(ReferenceRole.SUBJECT)] },
  control_image: { referenceImages: [image(ReferenceRole.CONTROL)] },
  fine_tunes: { fineTunes: [{ adapter: 'owner/adapter' }] },
};

/** What the entry says of a field; a model that takes it may still not take this value of it, or not for this task. */
function supportOf(model: Model, field: string): Support {
  const support = model.capabilities.find((capability) => capability.field === field)?.support;
  return support === undefined || support === Support.UNSPECIFIED ? Support.NONE : support;
}

function ask(model: Model, field: string, policy: OnUnsupported) {
  const parameters: Parameters = create(ParametersSchema, ASKED[field]);
  const [task = Task.GENERATE] = model.tasks;
  const layers = [{ source: ValueSource.CALL, parameters }];
  const translation = translate({
    model,
    providerType: model.provider,
    task,
    prompt: 'an apple',
    layers,
    policy,
    candidates: [{}],
  });
  // What a task cannot do without is refused as `parameters.reference_images`, which is not what is asked here.
  const base = field.endsWith('_image') ? 'reference_images[0]' : field;
  const entry = translation.receipt.find((each) => each.field === base || each.field.startsWith(`${base}[`));
  const refused = translation.problems.filter(
    ({ field: refusedField, description }) =>
      refusedField.startsWith(`parameters.${base}`) && !description.endsWith('cannot do without it'),
  );
  return { entry, refused };
}

const SENT: readonly FieldDisposition[] = [FieldDisposition.NATIVE, FieldDisposition.CLAMPED];

/** What a receipt may say under ADAPT of a field with such a support. */
const ADAPTED: Readonly<Record<number, readonly FieldDisposition[]>> = {
  // A value that no neighbour stands for is dropped though the field is there, such as transparency of an opaque model.
  [Support.NATIVE]: [...SENT, FieldDisposition.EMULATED, FieldDisposition.DROPPED],
  [Support.EMULATED]: [FieldDisposition.EMULATED],
  [Support.NONE]: [FieldDisposition.DROPPED, FieldDisposition.EMULATED],
};

describe.each([...providers])('receipts of %s', (_provider, own) => {
  test.each(own.map((model) => [model.name, model] as const))('%s', (_name, model) => {
    for (const field of Object.keys(ASKED)) {
      const support = supportOf(model, field);
      const adapted = ask(model, field, OnUnsupported.ADAPT);
      const ignored = ask(model, field, OnUnsupported.IGNORE);
      const strict = ask(model, field, OnUnsupported.STRICT);
      const told = { field, support, ...adapted.entry };
      expect(told).toMatchObject({ field: expect.any(String), disposition: expect.any(Number) });
      expect(ADAPTED[support]).toContain(adapted.entry?.disposition);
      // Nothing is emulated where the caller wants it ignored.
      expect(ignored.entry?.disposition).not.toBe(FieldDisposition.EMULATED);
      const isAsAsked = strict.entry?.disposition === FieldDisposition.NATIVE;
      expect({ field, isRefused: strict.refused.length > 0 }).toEqual({ field, isRefused: !isAsAsked });
      for (const { entry } of [adapted, ignored]) {
        if (!SENT.includes(entry?.disposition ?? 0)) expect(entry?.reason).not.toBe('');
      }
    }
  });
});
