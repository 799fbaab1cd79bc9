import { CostBasis } from '@atelier/protos/atelier/common/v1/money_pb.ts';
import {
  OnUnsupported,
  OutputFormat,
  ReferenceRole,
  Task,
} from '@atelier/protos/atelier/common/v1/parameters_pb.ts';
import {
  CandidateState,
  FailureClass,
  RefusalStage,
} from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import { ValueSource } from '@atelier/protos/atelier/provider/v1/receipt_pb.ts';
import { ImageOrigin } from '@atelier/protos/atelier/storage/v1/image_pb.ts';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import sharp from 'sharp';
import { type AdapterClients, download, generate, openStage, type Stage, startAdapter } from './harness.ts';

let stage: Stage;
let adapter: AdapterClients & AsyncDisposable;

beforeAll(async () => {
  stage = await openStage();
  adapter = await startAdapter(stage);
});

afterAll(async () => {
  await adapter[Symbol.asyncDispose]();
  await stage[Symbol.asyncDispose]();
});

const call = () => ({ principal: stage.caller() });

function sandboxRequest(model: string, keys: readonly string[]) {
  return {
    request: { model: `models/${model}`, prompt: 'a ball' },
    candidates: keys.map((key) => ({ key })),
  };
}

describe('a studio model', () => {
  test('makes an image, verifies, stores and describes it', async () => {
    const principal = stage.caller();
    const told = await generate(
      adapter,
      {
        request: {
          model: 'models/studio-standard',
          prompt: 'three red apples on a plain white background',
          layers: [
            {
              source: ValueSource.CALL,
              parameters: { size: { width: 512, height: 384 }, seed: 7n, outputFormat: OutputFormat.JPEG },
            },
          ],
        },
        candidates: [{ key: 'generations/a/0/0', seed: 7n }],
        lineage: { project: 'projects/fruit', generation: 'generations/a', subjectId: 'SKU1', round: 0 },
      },
      { principal },
    );
    const result = told.results.get('generations/a/0/0');
    expect(result).toMatchObject({
      state: CandidateState.SUCCEEDED,
      seed: 7n,
      replayed: false,
      mismatches: [],
    });
    expect(result?.image).toMatchObject({ mediaType: 'image/jpeg', width: 512, height: 384 });
    expect(result?.usage).toMatchObject([
      {
        model: 'models/studio-standard',
        units: 1,
        unit: 'image',
        priceVersion: 'studio-2026-11',
        cost: { microUsd: 8000n, basis: CostBasis.ACTUAL },
      },
    ]);
    expect(told.started?.nativeRequests).toMatchObject([
      {
        method: 'LOCAL',
        url: 'studio:///standard',
        body: { width: 512, height: 384, seed: 7, format: 'jpeg' },
      },
    ]);
    expect(told.progress.map(({ phase }) => phase)).toContain('storing');
    const name = result?.image?.name ?? '';
    const { image } = await stage.images.getImage({ name }, { principal });
    expect(image).toMatchObject({
      origin: ImageOrigin.GENERATED,
      project: 'projects/fruit',
      subjectId: 'SKU1',
      candidateKey: 'generations/a/0/0',
      model: 'models/studio-standard',
      seed: 7n,
    });
    const { width, height, format } = await sharp(await download(stage, name, principal)).metadata();
    expect({ width, height, format }).toEqual({ width: 512, height: 384, format: 'jpeg' });
  });

  test('reaches an exact size by a crop, under ADAPT', async () => {
    const layers = [{ source: ValueSource.CALL, parameters: { size: { width: 600, height: 600 } } }];
    const request = {
      model: 'models/studio-draft',
      prompt: 'a lemon',
      layers,
      onUnsupported: OnUnsupported.ADAPT,
    };
    const { results } = await generate(adapter, { request, candidates: [{ key: 'crop' }] }, call());
    const image = results.get('crop')?.image;
    expect(image).toMatchObject({ width: 600, height: 600 });
    const stored = await stage.images.getImage({ name: image?.name ?? '' }, call());
    expect(stored.image?.receivedSha256).toMatch(/^[0-9a-f]{64}$/);
    expect(stored.image?.receivedSha256).not.toBe(image?.sha256);
  });

  test('edits an image of the team, and of no other team', async () => {
    const made = await generate(
      adapter,
      {
        request: { model: 'models/studio-pro', prompt: 'a red apple' },
        candidates: [{ key: 'init', seed: 1n }],
      },
      call(),
    );
    const image = made.results.get('init')?.image?.name ?? '';
    const edit = (key: string) => ({
      request: {
        model: 'models/studio-pro',
        task: Task.EDIT,
        prompt: 'a plain blue background',
        layers: [
          {
            source: ValueSource.CALL,
            parameters: {
              referenceImages: [
                { source: { case: 'image', value: image } as const, role: ReferenceRole.INIT, strength: 0.5 },
              ],
            },
          },
        ],
      },
      candidates: [{ key, seed: 1n }],
    });
    const edited = await generate(adapter, edit('edit'), call());
    expect(edited.results.get('edit')).toMatchObject({ state: CandidateState.SUCCEEDED });
    expect(edited.results.get('edit')?.image?.sha256).not.toBe(made.results.get('init')?.image?.sha256);
    const [shown] = edited.started?.nativeRequests ?? [];
    expect(shown?.parts).toMatchObject([{ name: 'init_image', mediaType: 'image/png' }]);
    const other = generate(adapter, edit('theirs'), { principal: stage.caller('teams/other') });
    await expect(other).rejects.toMatchObject({ codeName: 'NOT_FOUND' });
  });

  test('makes several images in one request where it takes no seed', async () => {
    const keys = ['b0', 'b1', 'b2', 'b3', 'b4'];
    const told = await generate(adapter, sandboxRequest('studio-draft', keys), call());
    expect(told.started?.nativeRequests.map(({ images }) => images)).toEqual([4, 1]);
    const digests = keys.map((key) => told.results.get(key)?.image?.sha256);
    expect(new Set(digests).size).toBe(5);
  });
});

describe('the sandbox', () => {
  const one = async (model: string) => {
    const told = await generate(adapter, sandboxRequest(model, [`one-${model}`]), call());
    return told.results.get(`one-${model}`);
  };

  test.each(['sandbox-approve', 'sandbox-exhaust', 'sandbox-review', 'sandbox-unpriced'])(
    '%s makes a picture',
    async (model) => {
      expect(await one(model)).toMatchObject({
        state: CandidateState.SUCCEEDED,
        image: { width: 512, height: 512 },
      });
    },
  );

  test('a model without a price has an unknown cost, not none', async () => {
    const [usage] = (await one('sandbox-unpriced'))?.usage ?? [];
    expect(usage?.cost).toMatchObject({ basis: CostBasis.UNKNOWN });
    expect(usage?.cost?.microUsd).toBeUndefined();
  });

  test('refuses the input, and the output', async () => {
    const refusal = (stage: RefusalStage) => ({
      state: CandidateState.REFUSED,
      refusal: { stage },
      usage: [],
    });
    expect(await one('sandbox-refuse')).toMatchObject(refusal(RefusalStage.INPUT));
    expect(await one('sandbox-refuse-output')).toMatchObject(refusal(RefusalStage.OUTPUT));
  });

  test.each([
    ['sandbox-fail', FailureClass.UNAVAILABLE],
    ['sandbox-timeout', FailureClass.TIMEOUT],
    ['sandbox-bad-answer', FailureClass.BAD_ANSWER],
    ['sandbox-unknown-outcome', FailureClass.UNKNOWN_OUTCOME],
  ])('%s fails with class %s', async (model, failureClass) => {
    expect(await one(model)).toMatchObject({
      state: CandidateState.FAILED,
      failure: { class: failureClass },
    });
  });

  test.each(['sandbox-unknown-outcome', 'sandbox-timeout'])(
    '%s may have been worked on, and is billed as an estimate',
    async (model) => {
      const result = await one(model);
      expect(result?.usage).toMatchObject([{ cost: { microUsd: 5000n, basis: CostBasis.ESTIMATED } }]);
    },
  );

  test('a failure that the provider speaks of itself is not billed', async () => {
    expect((await one('sandbox-fail'))?.usage).toEqual([]);
  });

  test('three of four come, and are billed as three', async () => {
    const keys = ['p0', 'p1', 'p2', 'p3'];
    const { results, started } = await generate(adapter, sandboxRequest('sandbox-partial', keys), call());
    expect(started?.nativeRequests).toHaveLength(1);
    expect(keys.map((key) => results.get(key)?.state)).toEqual([1, 1, 1, 3]);
    const billed = [...results.values()].flatMap(({ usage }) => usage);
    expect(billed).toHaveLength(3);
  });
});
