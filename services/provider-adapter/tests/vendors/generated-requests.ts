import {
  OnUnsupported,
  type Parameters,
  ParametersSchema,
  ReferenceRole,
  Task,
} from '@atelier/protos/atelier/common/v1/parameters_pb.ts';
import type { Model } from '@atelier/protos/atelier/provider/v1/model_pb.ts';
import { ValueSource } from '@atelier/protos/atelier/provider/v1/receipt_pb.ts';
import { create } from '@bufbuild/protobuf';
import fc from 'fast-check';
import sharp from 'sharp';
import { type Translation, translate } from '../../src/parameters/translate.ts';
import type { Protocol } from '../../src/providers/http/protocol.ts';
import { settingsOf } from '../../src/providers/http/settings.ts';
import { realImages } from '../../src/providers/http/slot-images.ts';
import type { WireRequest } from '../../src/providers/http/wire-request.ts';
import type { LoadedImage, ProviderInstance } from '../../src/providers/provider.ts';

const SEED = 20_261_124;

/** A request as a caller might make it, translated for a model and built for the wire. */
export interface GeneratedRequest {
  readonly model: Model;
  readonly translation: Translation;
  readonly body: Translation['requests'][number]['body'];
  readonly wire: WireRequest;
}

/** What requests are generated from. */
export interface GenerateOptions {
  readonly models: readonly Model[];
  readonly protocol: Protocol;
  /** The instance that would send them: secrets as `new Secret('…')`. */
  readonly instance: ProviderInstance;
  /** How many; the default is 240. */
  readonly runs?: number;
  /** Adapters of fine-tuned weights that the vendor's form takes. */
  readonly adapters?: readonly string[];
  /** Values of `provider_options` for this provider. */
  readonly options?: readonly Readonly<Record<string, unknown>>[];
}

const bytes = await sharp({ create: { width: 8, height: 8, channels: 3, background: '#ffffff' } })
  .png()
  .toBuffer();
const IMAGE: LoadedImage = {
  bytes,
  mediaType: 'image/png',
  sha256: 'a'.repeat(64),
  size: { width: 1_600, height: 900 },
};

/**
 * Requests over the whole vocabulary, the same ones in every run: every field now and then, in values that models take
 * and in values that they do not, under ADAPT and IGNORE. Only those that a model takes are given, each with every native
 * request that it makes.
 */
export function generatedRequests(options: GenerateOptions): GeneratedRequest[] {
  const { models, protocol, instance, runs = 240 } = options;
  const settings = settingsOf(instance, protocol.baseUrl);
  const uploads = { get: () => 'https://uploads.example/image.png' } as unknown as ReadonlyMap<
    string,
    string
  >;
  const requests: GeneratedRequest[] = [];
  for (const [index, model] of models.entries()) {
    const wanted = Math.ceil((runs * (index + 1)) / models.length) - requests.length;
    const samples = fc.sample(inputFor(model, protocol.type, options), {
      seed: SEED + index,
      numRuns: wanted * 8,
    });
    let taken = 0;
    for (const input of samples) {
      if (taken >= wanted) break;
      const translation = translate(input);
      if (translation.problems.length > 0) continue;
      for (const { body, candidates } of translation.requests) {
        const call = {
          nativeModel: model.nativeModel,
          operation: model.operation,
          body,
          images: candidates.length,
        };
        const wire = protocol.request(
          call,
          settings,
          realImages(() => IMAGE, uploads),
        );
        requests.push({ model, translation, body, wire });
        taken += 1;
      }
    }
    if (taken < wanted)
      throw new Error(`${model.name} takes too few of the generated requests: ${taken} of ${wanted}`);
  }
  return requests;
}

const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined, freq: 2 });
const words = fc.constantFrom(
  'a red apple on a table',
  'zwei Äpfel | "SALE" <lora:x:1> & more',
  'x'.repeat(600),
);

const NEEDED: Readonly<Partial<Record<Task, readonly ReferenceRole[]>>> = {
  [Task.EDIT]: [ReferenceRole.INIT],
  [Task.INPAINT]: [ReferenceRole.INIT, ReferenceRole.MASK],
  [Task.REPLACE_BACKGROUND]: [ReferenceRole.INIT],
  [Task.REMOVE_BACKGROUND]: [ReferenceRole.INIT],
  [Task.OUTPAINT]: [ReferenceRole.INIT],
  [Task.UPSCALE]: [ReferenceRole.INIT],
};

/** Requests for a model as callers might make them, in every field of the vocabulary. */
export function inputFor(
  model: Model,
  providerType: string,
  { adapters = [], options = [] }: Pick<GenerateOptions, 'adapters' | 'options'> = {},
) {
  const weights = adapters.length === 0 ? fc.constant([]) : fineTunes(adapters);
  const own = options.length === 0 ? fc.constant(undefined) : optional(fc.constantFrom(...options));
  return fc
    .record({
      task: fc.constantFrom(...model.tasks),
      prompt: words,
      policy: fc.constantFrom(OnUnsupported.ADAPT, OnUnsupported.IGNORE),
      candidates: fc.array(fc.record({ seed: optional(fc.maxSafeNat()) }), { minLength: 1, maxLength: 4 }),
      fields: fc.record(vocabulary),
      shape: fc.oneof(sizes, ratios, fc.constant({})),
      references: fc.array(fc.record({ role: roles, strength }), { maxLength: 3 }),
      initStrength: strength,
      weights,
      own,
    })
    .map(
      ({
        task,
        prompt,
        policy,
        candidates,
        fields,
        shape,
        references,
        initStrength,
        weights: fineTuned,
        own: given,
      }) => {
        const needed = (NEEDED[task] ?? []).map((role) => ({
          role,
          ...(role === ReferenceRole.INIT && { strength: initStrength }),
        }));
        const referenceImages = [...needed, ...references].map((reference) => ({
          ...reference,
          source: { case: 'image' as const, value: 'images/00000000-0000-7000-8000-000000000000' },
        }));
        const init = {
          ...fields,
          ...shape,
          referenceImages,
          fineTunes: fineTuned,
          ...(given !== undefined && { providerOptions: { [providerType]: given } }),
        };
        const parameters: Parameters = create(ParametersSchema, init as object);
        return {
          model,
          providerType,
          task,
          prompt,
          policy,
          candidates,
          layers: [{ source: ValueSource.CALL, parameters }],
        };
      },
    );
}

const strength = optional(fc.constantFrom(0, 0.25, 0.5, 1));
const roles = fc.constantFrom(ReferenceRole.STYLE, ReferenceRole.SUBJECT, ReferenceRole.CONTROL);

const sizes = fc.record({
  size: fc.record({
    width: fc.integer({ min: 64, max: 4_096 }),
    height: fc.integer({ min: 64, max: 4_096 }),
  }),
});

const ratios = fc.record({
  aspectRatio: optional(fc.constantFrom('1:1', '16:9', '9:16', '4:3', '3:4', '21:9', '7:5')),
  resolution: fc.constantFrom(0, 0, 1, 2, 3, 4),
});

const vocabulary = {
  negativePrompt: optional(fc.constantFrom('people', 'text, watermark')),
  style: optional(fc.constantFrom('photographic', 'anime', 'flat illustration')),
  count: optional(fc.integer({ min: 1, max: 10 })),
  seed: optional(fc.maxSafeNat().map(BigInt)),
  guidance: optional(fc.constantFrom(0, 1, 3.5, 7, 7.25, 30)),
  steps: optional(fc.constantFrom(1, 4, 28, 50, 500)),
  quality: fc.constantFrom(0, 0, 1, 2, 3, 4),
  background: fc.constantFrom(0, 0, 1, 2),
  outputFormat: fc.constantFrom(0, 0, 1, 2, 3),
  compression: optional(fc.constantFrom(0, 1, 50, 85, 100)),
  safety: fc.constantFrom(0, 0, 1, 2, 3),
};

function fineTunes(adapters: readonly string[]) {
  const tune = fc.record({
    adapter: fc.constantFrom(...adapters),
    weight: optional(fc.constantFrom(-1, 0.5, 1, 2)),
  });
  return fc.array(tune, { maxLength: 2 });
}
