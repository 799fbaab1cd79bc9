import {
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
import { create, type JsonObject } from '@bufbuild/protobuf';
import { describe, expect, test } from '@jest/globals';
import { translate } from '../../../src/parameters/translate.ts';
import type { Job } from '../../../src/providers/http/protocol.ts';
import { settingsOf } from '../../../src/providers/http/settings.ts';
import type { WireRequest } from '../../../src/providers/http/wire-request.ts';
import { type ProviderAnswer, ProviderFailure } from '../../../src/providers/provider.ts';
import { runware, runwareProtocol } from '../../../src/providers/runware/protocol.ts';
import { taskUuid } from '../../../src/providers/runware/request.ts';
import { builtInModels } from '../../catalog-models.ts';

const KEY = 'generations/a/0/0';
const UUID = taskUuid(KEY);
const instance = { name: 'runware', fields: new Map(), secrets: new Map() };
const submission = {
  key: KEY,
  nativeModel: 'runware:101@1',
  operation: 'imageInference',
  body: { positivePrompt: 'a red apple' },
  images: 3,
  image: () => {
    throw new Error('there is none');
  },
};

/** A job that is answered with these bodies in turn; each may come with a status other than 200. */
function jobOf(answers: readonly (JsonObject & { readonly status?: number })[]) {
  const sent: WireRequest[] = [];
  const accepted: string[] = [];
  const job = {
    settings: settingsOf(instance, runwareProtocol.baseUrl),
    submission,
    accepted: async (id: string) => accepted.push(id),
    progress: () => {},
    download: async (url: string) => {
      if (url.endsWith('/gone')) throw new ProviderFailure(FailureClass.BAD_ANSWER, 'gone');
      return Buffer.from(url) as never;
    },
    send: async (wire: WireRequest) => {
      const { status = 200, ...body } = answers[sent.push(wire) - 1] ?? {};
      const bytes = (async function* () {
        yield Buffer.from(JSON.stringify(body));
      })();
      return { status, header: () => undefined, body: bytes };
    },
    poll: async <T>(look: () => Promise<T | undefined>): Promise<T> => {
      for (;;) {
        const found = await look();
        if (found !== undefined) return found;
      }
    },
  } as unknown as Job;
  return { job, sent, accepted };
}

const wire = () =>
  runwareProtocol.request(submission, settingsOf(instance, runwareProtocol.baseUrl), {} as never);
const task = (more: JsonObject): JsonObject => ({ taskType: 'imageInference', taskUUID: UUID, ...more });
const taken = { data: [task({})] };
const success = (name: string, more: JsonObject = {}) =>
  task({ status: 'success', imageUUID: name, imageURL: `https://im.example/${name}`, cost: 0.0013, ...more });
const kinds = ({ images }: ProviderAnswer) => images.map(({ kind }) => kind);

describe('the id of a task', () => {
  test('derives from the key of the submission, in the form of a random UUID', () => {
    expect(UUID).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(taskUuid(KEY)).toBe(UUID);
    expect(taskUuid('generations/a/0/1')).not.toBe(UUID);
    expect(wire().body).toMatchObject({ kind: 'json', value: [{ taskUUID: UUID }] });
  });

  test('stands in a preview as nobody’s, in a list under `body`', () => {
    const { key: _, ...call } = submission;
    const preview = runware.create(instance).preview(call, () => {
      throw new Error('there is none');
    });
    const shown = { taskType: 'imageInference', taskUUID: '00000000-0000-4000-8000-000000000000' };
    expect(preview.body).toMatchObject({ body: [shown] });
  });

  test('that was used before is of a submit that did arrive: it is followed, and not sent again', async () => {
    const conflict = { status: 400, errors: [task({ code: 'conflictTaskUUID' })] };
    const { job, sent, accepted } = jobOf([conflict, { data: [success('a'), success('b'), success('c')] }]);
    expect(kinds(await runwareProtocol.submit(wire(), job))).toEqual(['image', 'image', 'image']);
    expect(accepted).toEqual([UUID]);
    expect(sent.map(({ body }) => body?.kind === 'json' && body.value)).toMatchObject([
      [{ taskType: 'imageInference' }],
      [{ taskType: 'getResponse', taskUUID: UUID }],
    ]);
  });
});

describe('what a task ends in', () => {
  test('is waited for until nothing is worked on any more, and every image keeps its own end', async () => {
    const { job } = jobOf([
      taken,
      { data: [] },
      { data: [success('a'), task({ status: 'processing' }), task({ status: 'processing' })] },
      {
        data: [success('a', { seed: 11 }), success('b', { NSFWContent: true })],
        errors: [task({ code: 'imageBlocked', message: 'a red apple is bad' })],
      },
    ]);
    const answer = await runwareProtocol.submit(wire(), job);
    expect(answer).toMatchObject({ jobId: UUID, microUsd: 2600 });
    expect(answer.images).toMatchObject([
      { kind: 'image', seed: 11n },
      { kind: 'refusal', refusal: { stage: RefusalStage.OUTPUT, categories: ['nsfw'] } },
      { kind: 'refusal', refusal: { stage: RefusalStage.UNSPECIFIED, categories: ['imageBlocked'] } },
    ]);
    expect(JSON.stringify(answer.images[2])).not.toContain('red apple');
  });

  test('one image that cannot be fetched does not take the others with it; a cost that is not told is not invented', async () => {
    const { job } = jobOf([taken, { data: [success('a'), success('gone'), success('c', { cost: null })] }]);
    const answer = await runwareProtocol.submit(wire(), job);
    expect(kinds(answer)).toEqual(['image', 'failure', 'image']);
    expect(answer.microUsd).toBeUndefined();
  });

  test('an error of another task in the same answer is not ours', async () => {
    const others = { errors: [{ code: 'invalidModel', taskUUID: taskUuid('another') }] };
    const { job } = jobOf([
      { ...taken, ...others },
      { data: [success('a'), success('b'), success('c')], ...others },
    ]);
    expect(kinds(await runwareProtocol.submit(wire(), job))).toEqual(['image', 'image', 'image']);
  });

  test.each([
    ['insufficientCredits', FailureClass.ACCOUNT],
    ['organizationSuspended', FailureClass.ACCOUNT],
    ['invalidApiKey', FailureClass.AUTH],
    ['rateLimitExceeded', FailureClass.RATE_LIMITED],
    ['timeoutProvider', FailureClass.TIMEOUT],
    ['invalidWidth', FailureClass.INVALID_REQUEST],
    ['inferenceError', FailureClass.UNAVAILABLE],
    ['somethingNew', FailureClass.UNAVAILABLE],
  ])('%s', async (code, failureClass) => {
    const error = task({ code, message: 'a red apple', parameter: ['width', 'height'] });
    const { job } = jobOf([taken, { data: [], errors: [error] }]);
    const { images } = await runwareProtocol.submit(wire(), job);
    expect(images).toHaveLength(3);
    expect(images[0]).toMatchObject({ kind: 'failure', failure: { failureClass } });
    expect(JSON.stringify(images)).not.toContain('red apple');
    const [first] = images;
    expect(first?.kind === 'failure' && first.failure.message).toContain(`${code} at width, height`);
  });

  test('a task that is not known is not sent again, since it may have been forgotten', async () => {
    const unknown = { status: 404, errors: [task({ code: 'taskNotFound' })] };
    const { job, sent } = jobOf(Array.from({ length: 5 }, () => unknown));
    expect(await runwareProtocol.reconcile?.(undefined, job)).toEqual({ kind: 'unknown' });
    expect(sent).toHaveLength(5);
  });
});

test('strength counts how far, and a mask is white where to paint, as here: both go as they are', async () => {
  const model = (await builtInModels())('runware-flux-1-dev');
  const image = (role: ReferenceRole, strength?: number) => ({
    role,
    ...(strength !== undefined && { strength }),
    source: { case: 'image' as const, value: 'images/00000000-0000-7000-8000-000000000000' },
  });
  const parameters = create(ParametersSchema, {
    referenceImages: [image(ReferenceRole.INIT, 0.25), image(ReferenceRole.MASK)],
  });
  const { requests } = translate({
    model,
    providerType: 'runware',
    task: Task.INPAINT,
    prompt: 'an apple',
    layers: [{ source: ValueSource.CALL, parameters }],
    policy: OnUnsupported.IGNORE,
    candidates: [{}],
  });
  expect(requests[0]?.body).toMatchObject({
    strength: 0.25,
    inputs: { seedImage: { $image: 0, change: 'none' }, maskImage: { $image: 1, change: 'none' } },
  });
});
