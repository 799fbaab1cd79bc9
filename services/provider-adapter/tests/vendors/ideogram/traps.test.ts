import {
  Background,
  OnUnsupported,
  ParametersSchema,
  ReferenceRole,
  Task,
} from '@atelier/protos/atelier/common/v1/parameters_pb.ts';
import {
  FailureClass,
  RefusalStage,
} from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import { ValueSource } from '@atelier/protos/atelier/provider/v1/receipt_pb.ts';
import { create, type JsonObject, type MessageInitShape } from '@bufbuild/protobuf';
import { describe, expect, test } from '@jest/globals';
import { translate } from '../../../src/parameters/translate.ts';
import type { Job } from '../../../src/providers/http/protocol.ts';
import { settingsOf } from '../../../src/providers/http/settings.ts';
import type { HttpAnswer } from '../../../src/providers/http/transport.ts';
import { readImages } from '../../../src/providers/ideogram/answer.ts';
import { ideogramError } from '../../../src/providers/ideogram/errors.ts';
import { ideogram, ideogramProtocol } from '../../../src/providers/ideogram/protocol.ts';
import { builtInModels } from '../../catalog-models.ts';

const models = await builtInModels();

const image = (role: ReferenceRole, strength?: number) => ({
  role,
  ...(strength !== undefined && { strength }),
  source: { case: 'image' as const, value: 'images/00000000-0000-7000-8000-000000000000' },
});

function translated(
  id: string,
  task: Task,
  init: MessageInitShape<typeof ParametersSchema>,
  policy: OnUnsupported = OnUnsupported.STRICT,
) {
  return translate({
    model: models(id),
    providerType: 'ideogram',
    task,
    prompt: 'an apple',
    layers: [{ source: ValueSource.CALL, parameters: create(ParametersSchema, init) }],
    policy,
    candidates: [{}],
  });
}

const bodyOf = (...args: Parameters<typeof translated>) => translated(...args).requests[0]?.body;

describe('what is spelled the other way', () => {
  test('ratios have an x, and go only without a size', () => {
    expect(bodyOf('ideogram-3', Task.GENERATE, { aspectRatio: '16:9' })).toMatchObject({
      aspect_ratio: '16x9',
    });
    const sized = bodyOf('ideogram-3', Task.GENERATE, {
      size: { width: 1536, height: 512 },
      aspectRatio: '3:1',
    });
    expect(sized).toMatchObject({ resolution: '1536x512' });
    expect(sized).not.toHaveProperty('aspect_ratio');
    const plain = bodyOf('ideogram-3', Task.GENERATE, {});
    expect(plain).not.toHaveProperty('resolution');
    expect(plain).not.toHaveProperty('aspect_ratio');
  });

  test.each(['ideogram-3-inpaint', 'ideogram-4.5-edit'])('%s: a mask is black where to paint', (id) => {
    const referenceImages = [image(ReferenceRole.INIT), image(ReferenceRole.MASK)];
    expect(bodyOf(id, Task.INPAINT, { referenceImages })).toMatchObject({
      image: { $image: 0, change: 'none' },
      mask: { $image: 1, change: 'mask_invert' },
    });
  });

  test.each([
    [0, 100],
    [0.25, 75],
    [0.29, 71],
    [0.5, 50],
    [0.99, 1],
  ])('a strength of %d is an image weight of %d, which counts how near', (strength, weight) => {
    const referenceImages = [image(ReferenceRole.INIT, strength)];
    expect(bodyOf('ideogram-3-remix', Task.EDIT, { referenceImages })).toMatchObject({
      image_weight: weight,
    });
  });

  test('a picture cannot be ignored altogether: that is refused, or taken as far as it goes', () => {
    const referenceImages = [image(ReferenceRole.INIT, 1)];
    const { problems } = translated('ideogram-3-remix', Task.EDIT, { referenceImages });
    expect(problems).toMatchObject([{ field: 'parameters.reference_images[0].strength' }]);
    const body = bodyOf('ideogram-3-remix', Task.EDIT, { referenceImages }, OnUnsupported.ADAPT);
    expect(body).toMatchObject({ image_weight: 1 });
  });

  test('the prompt is ours: nothing rewrites it where that can be said', () => {
    expect(bodyOf('ideogram-3', Task.GENERATE, {})).toMatchObject({ magic_prompt: 'OFF' });
    expect(bodyOf('ideogram-4.5', Task.GENERATE, {})).toMatchObject({ magic_prompt: 'off' });
  });
});

test('transparency is an operation, and no field of the form', () => {
  const [request] = translated('ideogram-3-transparent', Task.GENERATE, {
    background: Background.TRANSPARENT,
  }).requests;
  const instance = { name: 'ideogram', fields: new Map(), secrets: new Map() };
  const model = models('ideogram-3-transparent');
  const call = {
    nativeModel: model.nativeModel,
    operation: model.operation,
    body: request?.body ?? {},
    images: 1,
  };
  const { url, parts } = ideogram.create(instance).preview(call, () => {
    throw new Error('there is none');
  });
  expect(url).toBe('https://api.ideogram.ai/v1/ideogram-v3/generate-transparent');
  expect(parts.map(({ name }) => name)).not.toContain('operation');
});

describe('answers', () => {
  const submission = { body: { prompt: 'an apple' } };
  const job = { submission, download: async (url: string) => Buffer.from(url) } as unknown as Job;
  const made = (more: JsonObject) => ({
    url: 'https://ideogram.ai/a.png',
    prompt: 'an apple',
    is_image_safe: true,
    seed: 7,
    ...more,
  });

  test('an image that is not safe is refused by itself, and one that is left out fails by itself', async () => {
    const data = [
      made({}),
      made({ url: null, is_image_safe: false }),
      made({ url: '' }),
      made({ prompt: 'An apple!' }),
    ];
    const { images } = await readImages({ data }, job);
    expect(images).toMatchObject([
      { kind: 'image', seed: 7n },
      { kind: 'refusal', refusal: { stage: RefusalStage.OUTPUT } },
      { kind: 'failure', failure: { failureClass: FailureClass.BAD_ANSWER } },
      { kind: 'image', revisedPrompt: 'An apple!' },
    ]);
    expect(images[0]).toMatchObject({ revisedPrompt: undefined });
  });

  const answer = (status: number, body: object): HttpAnswer => ({
    status,
    header: () => undefined,
    body: (async function* () {
      yield Buffer.from(JSON.stringify(body));
    })(),
  });

  test.each([
    [422, { error: 'num_images must be at most 8' }, FailureClass.INVALID_REQUEST],
    [429, { error: 'Too many', reject_reason: 'inflight_limit' }, FailureClass.RATE_LIMITED],
    [429, { error: 'Enough for today', reject_reason: 'daily_limit' }, FailureClass.ACCOUNT],
    [402, { error: 'Not enough credits', reject_reason: 'insufficient_funds' }, FailureClass.ACCOUNT],
  ])('%d %j', async (status, body, failureClass) => {
    expect(await ideogramError(answer(status, body))).toMatchObject({ failureClass });
  });

  test('the form is sent to nobody but the address that is set', () => {
    const fields = new Map([['BASE_URL', 'http://127.0.0.1:1/']]);
    const settings = settingsOf({ name: 'ideogram', fields, secrets: new Map() }, ideogramProtocol.baseUrl);
    const call = { nativeModel: 'm', operation: '/v1/x', body: {}, images: 1 };
    expect(ideogramProtocol.request(call, settings, {} as never).url).toBe('http://127.0.0.1:1/v1/x');
  });
});
