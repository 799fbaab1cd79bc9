import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FailureClass } from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Job } from '../../../src/providers/http/protocol.ts';
import type { HttpAnswer } from '../../../src/providers/http/transport.ts';
import { readRouted } from '../../../src/providers/huggingface/answer.ts';
import { huggingfaceError } from '../../../src/providers/huggingface/errors.ts';
import { ProviderFailure, type Submission } from '../../../src/providers/provider.ts';
import { Spool } from '../../../src/spool/spool.ts';

const submission = {
  body: { inputs: 'a red apple', parameters: { negative_prompt: 'worms' } },
} as unknown as Submission;

let directory: string;
let spool: Spool;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'routed-'));
  spool = new Spool(directory);
});
afterAll(async () => {
  await spool[Symbol.asyncDispose]();
  await rm(directory, { recursive: true, force: true });
});

const job = () =>
  ({
    spool,
    submission,
    download: async (url: string) => {
      if (url.includes('gone')) throw new ProviderFailure(FailureClass.BAD_ANSWER, 'gone');
      return { path: url, sizeBytes: 1, sha256: '' };
    },
  }) as unknown as Job;

function answer(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): HttpAnswer {
  async function* bytes() {
    yield Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body));
  }
  return { status, header: (name) => headers[name], body: bytes() };
}

test('the image itself is spooled as it comes', async () => {
  const bytes = Buffer.from('not looked at here');
  const { images } = await readRouted(answer(200, bytes, { 'content-type': 'image/jpeg' }), job());
  expect(images).toMatchObject([{ kind: 'image', bytes: { sizeBytes: bytes.length } }]);
});

test('every other form that providers behind the router have', async () => {
  const inBase64 = await readRouted(answer(200, { data: [{ b64_json: 'AAAA' }] }), job());
  expect(inBase64.images).toMatchObject([{ kind: 'image', bytes: Buffer.from('AAAA', 'base64') }]);
  const output = ['https://a.example/1.png', { url: 'https://a.example/gone.png' }, 7];
  const { images } = await readRouted(answer(200, { output }), job());
  expect(images).toMatchObject([
    { kind: 'image', bytes: { path: 'https://a.example/1.png' } },
    { kind: 'failure', failure: { failureClass: FailureClass.BAD_ANSWER } },
    { kind: 'failure', failure: { failureClass: FailureClass.BAD_ANSWER } },
  ]);
  for (const empty of [{ output: [] }, { images: [] }, { data: [] }, {}]) {
    await expect(readRouted(answer(200, empty), job())).rejects.toMatchObject({
      failureClass: FailureClass.BAD_ANSWER,
    });
  }
});

test('a model that is still loading tells when to come again, and in a 200 as well', async () => {
  const loading = { error: 'Model x/y is currently loading', estimated_time: 20.5 };
  const expected = { failureClass: FailureClass.UNAVAILABLE, retryAfterMs: 20_500 };
  expect(await huggingfaceError(answer(503, loading), submission)).toMatchObject(expected);
  await expect(readRouted(answer(200, loading), job())).rejects.toMatchObject(expected);
  const own = await huggingfaceError(answer(503, loading, { 'retry-after': '3' }), submission);
  expect(own).toMatchObject({ retryAfterMs: 3_000 });
});

test.each([
  [401, { error: 'Invalid credentials in Authorization header' }, FailureClass.AUTH],
  [
    402,
    { error: 'You have exceeded your monthly included credits for Inference Providers.' },
    FailureClass.ACCOUNT,
  ],
  [400, { error: ['a', 'b'] }, FailureClass.INVALID_REQUEST],
  [404, { message: 'Not Found' }, FailureClass.INVALID_REQUEST],
  [422, { detail: [{ loc: ['body'], msg: 'Field required' }] }, FailureClass.INVALID_REQUEST],
  [503, { error: 'Service Unavailable' }, FailureClass.UNAVAILABLE],
  [504, '<html>Gateway time-out</html>', FailureClass.UNKNOWN_OUTCOME],
])('%i %j', async (status, body, failureClass) => {
  expect(await huggingfaceError(answer(status, body), submission)).toMatchObject({ failureClass });
});

test('a prompt that is quoted is taken out, and is not itself taken for a moderation’s word', async () => {
  const quoting = { error: { message: 'cannot use "a red apple" with "worms"' } };
  const failure = await huggingfaceError(answer(400, quoting), submission);
  expect(failure.message).toContain('cannot use');
  expect(failure.message).not.toMatch(/apple|worms/);
  const about = { body: { prompt: 'an nsfw sign' } } as unknown as Submission;
  const error = await huggingfaceError(answer(400, { error: 'bad: an nsfw sign' }), about);
  expect(error).toMatchObject({ failureClass: FailureClass.INVALID_REQUEST });
});
