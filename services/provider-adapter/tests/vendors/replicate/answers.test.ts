import { readdir, readFile } from 'node:fs/promises';
import {
  FailureClass,
  RefusalStage,
} from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Produced } from '../../../src/providers/provider.ts';
import { runJob } from '../../../src/providers/replicate/jobs.ts';
import { uploadImage } from '../../../src/providers/replicate/uploads.ts';
import { picture } from '../pictures.ts';
import { type ScriptedServer, startScriptedServer } from '../scripted-server.ts';
import { type JobOptions, jobMaker } from './job.ts';
import { type Remembered, replicateScript } from './script.ts';

let ending: Partial<Remembered> = {};

/** The script, but for how predictions end. */
const script = {
  ...replicateScript,
  reply: (request: never, stage: never) => {
    const reply = replicateScript.reply(request, stage);
    const { memory } = stage as { memory: Map<string, Remembered> };
    for (const [id, prediction] of memory) {
      if (typeof prediction.status === 'string') memory.set(id, { ...prediction, ...ending });
    }
    return reply;
  },
} as typeof replicateScript;

let server: ScriptedServer;
let maker: Awaited<ReturnType<typeof jobMaker>>;
let apple: Buffer;

beforeAll(async () => {
  server = await startScriptedServer(script);
  maker = await jobMaker(server);
  apple = await picture('#c03020');
});

afterAll(async () => {
  await maker[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

beforeEach(() => server.play([{ kind: 'pending' }]));

async function run(end: Partial<Remembered>, options: JobOptions = {}) {
  ending = end;
  const { job, wire } = maker.make(options);
  return runJob(wire, job);
}

/** An image in a word: its kind, and what kind of failure or refusal. */
function brief(image: Produced): string {
  const name = (values: object, value: unknown) =>
    Object.entries(values).find(([, number]) => number === value)?.[0];
  if (image.kind === 'failure') return `failure ${name(FailureClass, image.failure.failureClass)}`;
  return image.kind === 'refusal' ? `refusal ${name(RefusalStage, image.refusal.stage)}` : 'image';
}

const succeeded = (output: unknown, logs = ''): Partial<Remembered> => ({
  status: 'succeeded',
  output,
  logs,
});

describe('outputs', () => {
  test('an address, a list, an object', async () => {
    const url = server.host(apple);
    for (const output of [url, [url], { image: url }]) {
      const { images } = await run(succeeded(output));
      expect(images.map(brief)).toEqual(['image']);
    }
  });

  test('a data URI, however large', async () => {
    const large = Buffer.concat([apple, Buffer.alloc(200_000, 7)]);
    for (const bytes of [apple, large]) {
      const { images } = await run(succeeded([`data:image/png;base64,${bytes.toString('base64')}`]));
      const [image] = images;
      if (image?.kind !== 'image') throw new Error(JSON.stringify(image));
      const content = Buffer.isBuffer(image.bytes) ? image.bytes : await readFile(image.bytes.path);
      expect(content.equals(bytes)).toBe(true);
    }
  });

  test.each([
    ['null', null],
    ['an empty list', []],
    ['an empty text', ''],
    ['nothing', undefined],
  ])('success with %s is a bad answer', async (_name, output) => {
    const { images, jobId } = await run(succeeded(output));
    expect(images.map(brief)).toEqual(['failure BAD_ANSWER']);
    expect(jobId).not.toBe('');
  });

  test('what the checker left out is refused at its place, the others survive', async () => {
    const [first, third] = [server.host(apple), server.host(await picture('#20a040'))];
    const logs = 'Using seed: 99\nNSFW content detected in image 1\n';
    const { images } = await run(succeeded([first, third], logs), { images: 3 });
    expect(images.map(brief)).toEqual(['image', 'refusal OUTPUT', 'image']);
    expect(images.map((image) => (image.kind === 'image' ? image.seed : undefined))).toEqual([
      99n,
      undefined,
      99n,
    ]);
  });

  test('fewer images than asked for, without a reason, are partial', async () => {
    const { images } = await run(succeeded([server.host(apple)]), { images: 2 });
    expect(images.map(brief)).toEqual(['image', 'failure BAD_ANSWER']);
  });

  test('a black image in place of a refused one is a refusal; one that is wanted is not', async () => {
    const black = server.host(await picture('#000000'));
    const logs =
      'Potential NSFW content was detected in one or more images. A black image will be returned instead.';
    expect((await run(succeeded([black], logs))).images.map(brief)).toEqual(['refusal OUTPUT']);
    expect((await run(succeeded([black]))).images.map(brief)).toEqual(['image']);
    const both = await run(succeeded([server.host(apple), black], logs), { images: 2 });
    expect(both.images.map(brief)).toEqual(['image', 'refusal OUTPUT']);
  });

  test('seconds of a GPU are told', async () => {
    const end = { ...succeeded([server.host(apple)]), metrics: { predict_time: 4.98, total_time: 9 } };
    expect((await run(end)).units).toEqual({ second: 4.98 });
  });

  test('the input that a prediction repeats is not kept on disk', async () => {
    const before = await files();
    const input = { image: `data:image/png;base64,${Buffer.alloc(150_000, 9).toString('base64')}` };
    await run({ ...succeeded(null), input });
    expect(await files()).toBe(before);
  });
});

/** How many files there are in the spool. */
async function files(): Promise<number> {
  return (await readdir(maker.directory, { recursive: true })).length;
}

describe('ends without an image', () => {
  const prompt = 'the secret garden of Mrs Brown';

  test.each<[string, Partial<Remembered>, string]>([
    ['out of memory', { status: 'failed', error: 'CUDA out of memory. (E1001)' }, 'failure UNAVAILABLE'],
    [
      'invalid input',
      { status: 'failed', error: 'Input validation error: width must be a multiple of 8' },
      'failure INVALID_REQUEST',
    ],
    ['cancelled elsewhere', { status: 'canceled' }, 'failure TIMEOUT'],
    ['given up before it began', { status: 'aborted' }, 'failure UNAVAILABLE'],
    [
      'refused without an error',
      { status: 'failed', error: null, logs: 'a\nNSFW content detected.' },
      'refusal OUTPUT',
    ],
  ])('%s', async (_name, end, expected) => {
    expect((await run(end, { body: { prompt } })).images.map(brief)).toEqual([expected]);
  });

  test.each([
    ['whole', `Cannot draw "${prompt}"`],
    ['in part', 'Cannot draw the SECRET GARDEN of...'],
  ])('a message never quotes the prompt: %s', async (_name, error) => {
    const { images } = await run({ status: 'failed', error }, { body: { prompt } });
    const [image] = images;
    if (image?.kind !== 'failure') throw new Error(JSON.stringify(image));
    expect(image.failure.message.toLowerCase()).not.toContain('secret garden');
  });

  test('a job that Replicate does not know any more', async () => {
    ending = {};
    const { job, wire } = maker.make();
    const running = runJob(wire, job);
    await server.seen(({ method }) => method === 'GET');
    server.play([{ kind: 'pending' }]);
    expect((await running).images.map(brief)).toEqual(['failure BAD_ANSWER']);
  });
});

describe('reference images', () => {
  const image = (bytes: Buffer) => ({ bytes, mediaType: 'image/png', sha256: 'a'.repeat(64) });

  test('small ones go inline, large ones are uploaded once', async () => {
    const { job } = maker.make();
    expect(await uploadImage(image(apple), job)).toBe(`data:image/png;base64,${apple.toString('base64')}`);
    expect(server.requests).toHaveLength(0);
    const large = Buffer.concat([apple, Buffer.alloc(256 * 1024)]);
    expect(await uploadImage(image(large), job)).toMatch(/\/v1\/files\/file\d+$/);
    expect(server.requests.map(({ path }) => path)).toEqual(['/v1/files']);
    const { body, headers } = server.requests[0] ?? {};
    expect(headers?.['content-type']).toMatch(/^multipart\/form-data; boundary=/);
    expect(body?.includes(large)).toBe(true);
    expect(body?.toString('latin1')).toMatch(
      /name="content"; filename="a{64}\.png"\r\nContent-Type: image\/png/i,
    );
  });

  test('an upload that is lost is not repeated by the client', async () => {
    const refusing = await startScriptedServer({ ...script, isSubmit: ({ path }) => path === '/v1/files' });
    refusing.play([{ kind: 'pending' }], 'lost');
    await using other = await jobMaker(refusing);
    const large = Buffer.alloc(300_000);
    await expect(uploadImage(image(large), other.make().job)).rejects.toMatchObject({
      failureClass: FailureClass.UNKNOWN_OUTCOME,
    });
    expect(refusing.submits).toBe(1);
    await refusing[Symbol.asyncDispose]();
  });
});
