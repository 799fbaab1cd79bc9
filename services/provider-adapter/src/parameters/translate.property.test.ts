import {
  OnUnsupported,
  type Parameters,
  ParametersSchema,
  ReferenceRole,
  Task,
} from '@atelier/protos/atelier/common/v1/parameters_pb.ts';
import { FieldDisposition, ValueSource } from '@atelier/protos/atelier/provider/v1/receipt_pb.ts';
import { create } from '@bufbuild/protobuf';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { builtInModels } from '../../tests/catalog-models.ts';
import { mergeLayers } from './layers.ts';
import { type TranslationInput, translate } from './translate.ts';
import { FIELDS } from './vocabulary.ts';

const model = await builtInModels();
const RUNS = { seed: 20_261_122, numRuns: 300 };

const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined, freq: 2 });
const word = fc.constantFrom('people', 'flat', 'text and watermarks', 'Shaded', '');

const parameters: fc.Arbitrary<Parameters> = fc
  .record({
    negativePrompt: optional(word),
    style: optional(word),
    size: optional(
      fc.record({ width: fc.integer({ min: 16, max: 4096 }), height: fc.integer({ min: 16, max: 4096 }) }),
    ),
    aspectRatio: optional(fc.constantFrom('1:1', '16:9', '9:16', '4:3', '21:9', '7:5')),
    resolution: fc.constantFrom(0, 0, 0, 1, 2, 3, 4),
    count: optional(fc.integer({ min: 1, max: 16 })),
    seed: optional(fc.maxSafeNat().map(BigInt)),
    guidance: optional(fc.double({ min: 0, max: 50, noNaN: true })),
    steps: optional(fc.integer({ min: 1, max: 500 })),
    quality: fc.constantFrom(0, 0, 1, 2, 3, 4),
    background: fc.constantFrom(0, 0, 1, 2),
    outputFormat: fc.constantFrom(0, 0, 1, 2, 3),
    compression: optional(fc.integer({ min: 0, max: 100 })),
    referenceImages: fc.array(
      fc.record({
        source: fc.constant({ case: 'uri' as const, value: 'https://images.example/a.png' }),
        role: fc.constantFrom(ReferenceRole.INIT, ReferenceRole.MASK, ReferenceRole.STYLE),
        strength: optional(fc.double({ min: 0, max: 1, noNaN: true })),
      }),
      { maxLength: 3 },
    ),
    fineTunes: fc.array(fc.record({ adapter: fc.constant('lora') }), { maxLength: 2 }),
    safety: fc.constantFrom(0, 0, 1, 2, 3),
    providerOptions: optional(
      fc.constantFrom<NonNullable<Parameters['providerOptions']>>(
        { studio: { x: 1 } },
        { sandbox: { delay_ms: 5 } },
        { openai: {} },
      ),
    ),
    clear: optional(fc.subarray([...FIELDS], { maxLength: 2 }).map((paths) => ({ paths }))),
    required: optional(fc.subarray([...FIELDS], { maxLength: 2 }).map((paths) => ({ paths }))),
  })
  .map((init) => create(ParametersSchema, init as object));

const input: fc.Arbitrary<TranslationInput> = fc
  .record({
    id: fc.constantFrom(
      'studio-draft',
      'studio-standard',
      'studio-pro',
      'sandbox-approve',
      'sandbox-partial',
    ),
    call: parameters,
    project: parameters,
    policy: fc.constantFrom(OnUnsupported.STRICT, OnUnsupported.ADAPT, OnUnsupported.IGNORE),
    task: fc.constantFrom(Task.GENERATE, Task.GENERATE, Task.EDIT, Task.INPAINT),
    candidates: fc.array(fc.record({ seed: optional(fc.maxSafeNat()) }), { minLength: 1, maxLength: 5 }),
  })
  .map(({ id, call, project, ...rest }) => ({
    ...rest,
    model: model(id),
    providerType: model(id).provider,
    prompt: 'an apple',
    layers: [
      { source: ValueSource.CALL, parameters: call },
      { source: ValueSource.PROJECT, parameters: project },
    ],
  }));

/** The part of a receipt's field that names the field of the vocabulary. */
const base = (field: string) => field.split(/[[.]/, 1)[0];

test('no field that anybody asked for is missing from the receipt, and none is there twice', () => {
  fc.assert(
    fc.property(input, (given) => {
      const { receipt, references } = translate(given);
      const asked = mergeLayers(given.layers);
      const told = new Set(receipt.map(({ field }) => base(field)));
      for (const field of FIELDS) {
        const value = asked[field]?.value;
        const isEmpty = typeof value === 'object' && Object.keys(value).length === 0;
        if (value !== undefined && !isEmpty) expect(told).toContain(field);
      }
      expect(new Set(receipt.map(({ field }) => field)).size).toBe(receipt.length);
      expect(references.length).toBeLessThanOrEqual(asked.reference_images?.value.length ?? 0);
    }),
    RUNS,
  );
});

test('STRICT sends what the call asked unchanged, or refuses it by name', () => {
  fc.assert(
    fc.property(input, (given) => {
      const strict = { ...given, policy: OnUnsupported.STRICT };
      const { receipt, problems } = translate(strict);
      const refused = new Set(problems.map(({ field }) => field));
      const changed = receipt.filter(
        ({ source, disposition, field }) =>
          source === ValueSource.CALL &&
          (disposition === FieldDisposition.CLAMPED || disposition === FieldDisposition.DROPPED) &&
          // Options for other providers are nobody's concern here.
          !field.startsWith('provider_options.'),
      );
      for (const { field } of changed) expect(refused).toContain(`parameters.${field}`);
    }),
    RUNS,
  );
});

test('a required value is never adapted or dropped without a refusal', () => {
  fc.assert(
    fc.property(input, (given) => {
      const { receipt, problems } = translate(given);
      const asked = mergeLayers(given.layers);
      if (problems.length > 0) return;
      for (const { field, disposition } of receipt) {
        const value = asked[base(field) as keyof typeof asked];
        if (value?.isRequired !== true || field.startsWith('provider_options.')) continue;
        expect([FieldDisposition.CLAMPED, FieldDisposition.DROPPED]).not.toContain(disposition);
      }
    }),
    RUNS,
  );
});

test('translation is a function, and translating its outcome changes nothing more', () => {
  fc.assert(
    fc.property(input, (given) => {
      const first = translate({ ...given, policy: OnUnsupported.ADAPT });
      expect(translate({ ...given, policy: OnUnsupported.ADAPT })).toEqual(first);
      if (first.problems.length > 0) return;
      const again = translate({
        ...given,
        policy: OnUnsupported.ADAPT,
        prompt: first.prompt,
        layers: [{ source: ValueSource.CALL, parameters: first.effective }],
      });
      expect(again.problems).toEqual([]);
      expect(again.requests).toEqual(first.requests);
      expect(again.finish).toEqual(first.finish);
    }),
    RUNS,
  );
});
