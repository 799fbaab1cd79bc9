import { type Atelier, AtelierError, createAtelier, type GenerationInput } from '@atelier/client';
import {
  Background,
  OnUnsupported,
  OutputFormat,
  Quality,
} from '@atelier/protos/atelier/common/v1/parameters_pb.ts';
import { CyclePolicySchema, Outcome, PromptMode } from '@atelier/protos/atelier/gateway/v1/generation_pb.ts';
import {
  FieldDisposition,
  type TranslationReceipt,
  ValueSource,
} from '@atelier/protos/atelier/provider/v1/receipt_pb.ts';
import { create } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import sharp from 'sharp';
import { launchTestMesh, type TestMesh } from '../src/index.ts';
import { sha256 } from './support/pictures.ts';

// One request, of which only `model` changes: every model takes it under ADAPT and says what became of each field, and
// under STRICT refuses what it cannot honour before anything is made.

const MODELS = ['studio-draft', 'studio-standard', 'studio-pro'] as const;

type Disposition = keyof typeof FieldDisposition;

/** What becomes of each field that is asked for, by model. `compression` comes from the project, the rest from the call. */
const TOLD: Readonly<Record<string, readonly [draft: Disposition, standard: Disposition, pro: Disposition]>> =
  {
    prompt: ['NATIVE', 'NATIVE', 'NATIVE'],
    negative_prompt: ['EMULATED', 'NATIVE', 'NATIVE'],
    style: ['EMULATED', 'NATIVE', 'NATIVE'],
    size: ['EMULATED', 'NATIVE', 'NATIVE'],
    seed: ['DROPPED', 'NATIVE', 'NATIVE'],
    guidance: ['DROPPED', 'NATIVE', 'CLAMPED'],
    quality: ['DROPPED', 'NATIVE', 'DROPPED'],
    background: ['DROPPED', 'DROPPED', 'NATIVE'],
    output_format: ['EMULATED', 'NATIVE', 'NATIVE'],
    compression: ['EMULATED', 'NATIVE', 'NATIVE'],
  };

const request: GenerationInput = {
  project: 'tiles',
  brief: 'two red apples on a plain white background',
  // A preview spends nothing, and so never has a prompt written.
  policy: create(CyclePolicySchema, { promptMode: PromptMode.RENDER }),
  parameters: {
    negativePrompt: 'text, watermark',
    style: 'flat illustration',
    size: { width: 600, height: 400 },
    seed: 20_261_122,
    guidance: 16.2,
    quality: Quality.HIGH,
    background: Background.TRANSPARENT,
    outputFormat: OutputFormat.WEBP,
  },
};

let mesh: TestMesh;
let atelier: Atelier;

beforeAll(async () => {
  mesh = await launchTestMesh();
  atelier = createAtelier({ address: mesh.mesh.address });
  await atelier.services.projects.createProject({
    project: {
      name: 'projects/tiles',
      defaultModel: 'models/studio-standard',
      parameters: { compression: 90 },
    },
  });
}, 120_000);

afterAll(async () => {
  atelier?.close();
  await mesh?.[Symbol.asyncDispose]();
});

const adapted = (model: string): GenerationInput => ({
  ...request,
  model,
  onUnsupported: OnUnsupported.ADAPT,
});

/** A receipt as `field: DISPOSITION SOURCE`. */
function lines(receipt: TranslationReceipt | undefined): string[] {
  return (receipt?.fields ?? []).map(
    ({ field, disposition, source }) =>
      `${field}: ${name(FieldDisposition, disposition)} ${name(ValueSource, source)}`,
  );
}

function name(names: Readonly<Record<string, number>>, value: number): string {
  return Object.keys(names).find((key) => names[key] === value) ?? String(value);
}

describe.each(MODELS)('%s', (model) => {
  test('ADAPT makes the image, and tells what became of every field', async () => {
    const generation = await atelier.generate(adapted(model));
    expect(generation).toMatchObject({ outcome: Outcome.UNJUDGED, model: `models/${model}` });
    const [round] = generation.rounds;
    const told = lines(round?.receipt);
    expect(told).toEqual(
      Object.entries(TOLD).map(([field, dispositions]) => {
        const source = field === 'compression' ? 'PROJECT' : 'CALL';
        return `${field}: ${dispositions[MODELS.indexOf(model)]} ${source}`;
      }),
    );
    const odd = round?.receipt?.fields.filter(({ disposition }) => disposition !== FieldDisposition.NATIVE);
    expect(odd?.every(({ reason }) => reason !== '')).toBe(true);

    const bytes = Buffer.from(await atelier.downloadImage(generation.results[0]?.image?.name ?? ''));
    const { width, height, format } = await sharp(bytes).metadata();
    expect({ width, height, format }).toEqual({ width: 600, height: 400, format: 'webp' });
    expect(sha256(bytes)).toBe(generation.results[0]?.image?.sha256);
  });

  test('a preview shows the same receipt, and makes nothing', async () => {
    const before = await made();
    const [preview] = await previews([model], OnUnsupported.ADAPT);
    expect(await made()).toEqual(before);
    const { rounds } = await atelier.generate(adapted(model));
    expect(lines(preview?.receipt)).toEqual(lines(rounds[0]?.receipt));
    expect(preview?.prompt?.text).toBe(rounds[0]?.prompt?.text);
    expect(preview?.nativeRequests).toHaveLength(1);
    expect(preview?.roundEstimate?.microUsd).toBe(rounds[0]?.cost?.microUsd);
  });

  test('STRICT refuses before anything is made, and names all that it cannot honour', async () => {
    const before = await made();
    const refused = await atelier.generate({ ...request, model }).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(refused).toBeInstanceOf(AtelierError);
    const { codeName, reason, fieldViolations, metadata } = refused as AtelierError;
    expect([codeName, reason]).toEqual(['INVALID_ARGUMENT', 'UNSUPPORTED_PARAMETER']);
    expect(metadata.resource).toBe(`models/${model}`);
    expect(fieldViolations.map(({ field }) => field).sort()).toEqual(offending(model));
    expect(await made()).toEqual(before);
  });
});

test('one preview of all models shows what each of them would refuse', async () => {
  const shown = await previews(MODELS, OnUnsupported.STRICT);
  const problems = shown.map(({ problems: found }) => found.map(({ field }) => field).sort());
  expect(problems).toEqual(MODELS.map(offending));
  expect(shown.every(({ nativeRequests }) => nativeRequests.length === 0)).toBe(true);
});

/** What the call set and the model does not take as it is, in the call's own paths. */
function offending(model: (typeof MODELS)[number]): string[] {
  return Object.entries(TOLD)
    .filter(([field, told]) => field !== 'compression' && told[MODELS.indexOf(model)] !== 'NATIVE')
    .map(([field]) => `generation.parameters.${field}`)
    .sort();
}

async function previews(models: readonly string[], onUnsupported: OnUnsupported) {
  const { brief, parameters, policy } = request;
  const { seed, ...rest } = parameters as { seed: number };
  const answer = await atelier.services.generations.previewGeneration({
    generation: {
      project: 'projects/tiles',
      brief: { input: { case: 'prompt', value: String(brief) } },
      parameters: { ...rest, seed: BigInt(seed) },
      policy,
      onUnsupported,
    },
    models: models.map((model) => `models/${model}`),
  });
  return answer.models;
}

/** What there is: images, generations and lines of the ledger. */
async function made() {
  const { images, generations, usage } = atelier.services;
  const [stored, run, spent] = await Promise.all([
    images.listImages({ pageSize: 500 }),
    generations.listGenerations({ pageSize: 500 }),
    usage.queryUsage({ query: {} }),
  ]);
  return {
    images: stored.images.length,
    generations: run.generations.length,
    spentImages: spent.total?.images,
  };
}
