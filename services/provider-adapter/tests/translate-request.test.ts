import { CostBasis } from '@atelier/protos/atelier/common/v1/money_pb.ts';
import {
  Background,
  OnUnsupported,
  ReferenceRole,
  Task,
} from '@atelier/protos/atelier/common/v1/parameters_pb.ts';
import { FieldDisposition, ValueSource } from '@atelier/protos/atelier/provider/v1/receipt_pb.ts';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type AdapterClients, openStage, type Stage, startAdapter } from './harness.ts';

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

/** One request; only the model's name ever changes. */
function request(model: string, onUnsupported: OnUnsupported) {
  return {
    model,
    prompt: 'three red apples',
    onUnsupported,
    layers: [
      {
        source: ValueSource.CALL,
        parameters: { seed: 42n, negativePrompt: 'people', background: Background.TRANSPARENT },
      },
      { source: ValueSource.PROJECT, parameters: { size: { width: 1000, height: 1000 }, steps: 60 } },
    ],
  };
}

describe('the same request on three models', () => {
  test('ADAPT: the receipt tells for each field what became of it, and where it came from', async () => {
    const table: Record<string, string[]> = {};
    const names = new Map(Object.entries(FieldDisposition).map(([name, value]) => [value as number, name]));
    const sources = new Map(Object.entries(ValueSource).map(([name, value]) => [value as number, name]));
    for (const id of ['studio-draft', 'studio-standard', 'studio-pro']) {
      const given = { request: request(`models/${id}`, OnUnsupported.ADAPT), candidates: 2 };
      const { receipt } = await adapter.generation.translateRequest(given, call());
      table[id] = (receipt?.fields ?? []).map(
        ({ field, disposition, source }) => `${field} ${names.get(disposition)} ${sources.get(source)}`,
      );
    }
    expect(table).toEqual({
      'studio-draft': [
        'prompt NATIVE CALL',
        'negative_prompt EMULATED CALL',
        'size EMULATED PROJECT',
        'seed DROPPED CALL',
        'steps CLAMPED PROJECT',
        'background DROPPED CALL',
        'output_format DEFAULTED MODEL',
      ],
      'studio-standard': [
        'prompt NATIVE CALL',
        'negative_prompt NATIVE CALL',
        'size NATIVE PROJECT',
        'seed NATIVE CALL',
        'guidance DEFAULTED MODEL',
        'steps CLAMPED PROJECT',
        'background DROPPED CALL',
        'output_format DEFAULTED MODEL',
      ],
      'studio-pro': [
        'prompt NATIVE CALL',
        'negative_prompt NATIVE CALL',
        'size NATIVE PROJECT',
        'seed NATIVE CALL',
        'guidance DEFAULTED MODEL',
        'steps NATIVE PROJECT',
        'background NATIVE CALL',
        'output_format DEFAULTED MODEL',
      ],
    });
  });

  test('STRICT: refused before anything is made, naming every field that the call set', async () => {
    const refused = async (id: string) => {
      const given = { request: request(`models/${id}`, OnUnsupported.STRICT) };
      try {
        await adapter.generation.translateRequest(given, call());
        return [];
      } catch (error) {
        const { codeName, reason, fieldViolations } = error as {
          codeName: string;
          reason: string;
          fieldViolations: { field: string }[];
        };
        return [codeName, reason, ...fieldViolations.map(({ field }) => field)];
      }
    };
    const how = ['INVALID_ARGUMENT', 'UNSUPPORTED_PARAMETER'];
    expect(await refused('studio-draft')).toEqual([
      ...how,
      'parameters.negative_prompt',
      'parameters.seed',
      'parameters.background',
    ]);
    expect(await refused('studio-standard')).toEqual([...how, 'parameters.background']);
    expect(await refused('studio-pro')).toEqual([]);
  });
});

test('a preview shows each native request, and an upper bound of the cost', async () => {
  const given = { request: { model: 'models/studio-standard', prompt: 'a lemon' }, candidates: 3 };
  const { nativeRequests, estimate, effective } = await adapter.generation.translateRequest(given, call());
  expect(nativeRequests).toHaveLength(3);
  expect(nativeRequests[0]).toMatchObject({
    method: 'LOCAL',
    url: 'studio:///standard',
    images: 1,
    parts: [],
  });
  expect(estimate).toMatchObject({ microUsd: 24_000n, basis: CostBasis.ESTIMATED, incomplete: false });
  expect(effective).toBeDefined();
  const pro = { request: { model: 'models/studio-pro', prompt: 'a lemon' } };
  // One megapixel and one request.
  expect((await adapter.generation.translateRequest(pro, call())).estimate?.microUsd).toBe(21_000n);
});

describe('an outside reference', () => {
  const edit = (uri: string) => ({
    request: {
      model: 'models/studio-pro',
      task: Task.EDIT,
      prompt: 'a blue background',
      layers: [
        {
          source: ValueSource.CALL,
          parameters: {
            referenceImages: [{ source: { case: 'uri', value: uri } as const, role: ReferenceRole.INIT }],
          },
        },
      ],
    },
  });

  test('is shown, and not fetched', async () => {
    // A public address at which nobody would answer.
    const resolve = async () => [{ address: '93.184.216.34', family: 4 }];
    await using elsewhere = await startAdapter(stage, { resolve });
    const { nativeRequests } = await elsewhere.generation.translateRequest(
      edit('https://images.example/a.png'),
      call(),
    );
    expect(nativeRequests[0]?.parts).toMatchObject([{ name: 'init_image', mediaType: 'image/*' }]);
  });

  test('is refused already here where it would not be fetched', async () => {
    const previewed = adapter.generation.translateRequest(edit('http://169.254.169.254/latest'), call());
    await expect(previewed).rejects.toMatchObject({
      codeName: 'INVALID_ARGUMENT',
      reason: 'URL_REFUSED',
      fieldViolations: [{ field: 'parameters.reference_images[0].uri' }],
    });
  });
});

test('webhooks go to the provider of the address', async () => {
  const deliver = (provider: string) =>
    adapter.generation.deliverWebhook({ provider, key: 'k', body: new Uint8Array() });
  await expect(deliver('nobody')).rejects.toMatchObject({ codeName: 'NOT_FOUND' });
  await expect(deliver('studio')).rejects.toMatchObject({ codeName: 'UNIMPLEMENTED', reason: 'NOT_OFFERED' });
});

test('a call without a principal is refused', async () => {
  const given = { request: { model: 'models/studio-draft', prompt: 'a lemon' } };
  await expect(adapter.generation.translateRequest(given)).rejects.toMatchObject({
    codeName: 'UNAUTHENTICATED',
  });
});
