import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  FailureClass,
  RefusalStage,
} from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { fireworksProtocol } from '../../../src/providers/fireworks/protocol.ts';
import type { Job } from '../../../src/providers/http/protocol.ts';
import { settingsOf } from '../../../src/providers/http/settings.ts';
import type { HttpAnswer } from '../../../src/providers/http/transport.ts';
import type { WireRequest } from '../../../src/providers/http/wire-request.ts';
import { ProviderRefusal } from '../../../src/providers/provider.ts';
import { Spool } from '../../../src/spool/spool.ts';

let folder: string;
let spool: Spool;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fireworks-'));
  spool = new Spool(folder);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const settings = settingsOf(
  { name: 'fireworks', fields: new Map(), secrets: new Map() },
  fireworksProtocol.baseUrl,
);

interface Scripted {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string | object;
}

function answerOf({ status = 200, headers = {}, body }: Scripted): HttpAnswer {
  const all: Record<string, string> = {
    'content-type': typeof body === 'string' ? 'image/png' : 'application/json; charset=utf-8',
    ...headers,
  };
  const bytes = (async function* () {
    yield Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  })();
  return { status, header: (name) => all[name], body: bytes };
}

function jobOf(operation: string, answers: readonly Scripted[]) {
  const sent: WireRequest[] = [];
  const accepted: string[] = [];
  const job = {
    settings,
    spool,
    submission: {
      nativeModel: 'accounts/fireworks/models/m',
      operation,
      body: { prompt: 'an apple' },
      images: 1,
    },
    accepted: async (id: string) => accepted.push(id),
    progress: () => {},
    download: async (url: string) => Buffer.from(url) as never,
    send: async (wire: WireRequest) => answerOf(answers[sent.push(wire) - 1] as Scripted),
    poll: async <T>(look: () => Promise<T | undefined>): Promise<T> => {
      for (;;) {
        const found = await look();
        if (found !== undefined) return found;
      }
    },
  } as unknown as Job;
  return { job, sent, accepted };
}

const wire = (job: Job) => fireworksProtocol.request(job.submission, settings, {} as never);
const submit = (job: Job) => fireworksProtocol.submit(wire(job), job);

describe('an answer that is the image itself', () => {
  test('is spooled as it comes, with the seed of its header', async () => {
    const { job } = jobOf('text_to_image', [{ headers: { seed: '42' }, body: 'the bytes' }]);
    const [image] = (await submit(job)).images;
    expect(image).toMatchObject({ kind: 'image', seed: 42n });
    const bytes =
      image?.kind === 'image' && !Buffer.isBuffer(image.bytes) && (await readFile(image.bytes.path));
    expect(String(bytes)).toBe('the bytes');
  });

  test('may come as a document although it was not asked for', async () => {
    const base64 = `data:image/png;base64,${Buffer.from('the bytes').toString('base64')}`;
    const { job } = jobOf('text_to_image', [
      { body: { base64: [base64], finishReason: 'SUCCESS', seed: 7 } },
    ]);
    const [image] = (await submit(job)).images;
    expect(image).toMatchObject({ kind: 'image', seed: 7n });
    expect(String(image?.kind === 'image' && image.bytes)).toBe('the bytes');
  });

  test('is refused where its header says that it was filtered, whatever is in it', async () => {
    const { job } = jobOf('text_to_image', [
      { headers: { 'finish-reason': 'CONTENT_FILTERED' }, body: 'black' },
    ]);
    await expect(submit(job)).rejects.toBeInstanceOf(ProviderRefusal);
  });
});

describe('a job', () => {
  const taken = { body: { request_id: 'r-1' } };

  test('is journaled, looked at with a POST, and forgiven when it is missed at first', async () => {
    const { job, sent, accepted } = jobOf('', [
      taken,
      { body: { id: 'r-1', status: 'Task not found', result: null } },
      { body: { id: 'r-1', status: 'Queued', result: null } },
      {
        body: {
          id: 'r-1',
          status: 'Ready',
          result: { sample: 'https://d.example/a.png', seed: 9, prompt: 'An apple.' },
        },
      },
    ]);
    expect(await submit(job)).toMatchObject({
      jobId: 'r-1',
      images: [{ kind: 'image', seed: 9n, revisedPrompt: 'An apple.' }],
    });
    expect(accepted).toEqual(['r-1']);
    expect(sent.map(({ method }) => method)).toEqual(['POST', 'POST', 'POST', 'POST']);
    expect(sent.at(-1)).toMatchObject({ body: { kind: 'json', value: { id: 'r-1' } } });
    expect(sent.at(-1)?.url.endsWith('/m/get_result')).toBe(true);
  });

  test.each([
    ['Request Moderated', RefusalStage.INPUT],
    ['Content Moderated', RefusalStage.OUTPUT],
  ])('that ends in %s is refused', async (status, stage) => {
    const { job } = jobOf('', [taken, { body: { id: 'r-1', status, result: null } }]);
    expect((await submit(job)).images).toMatchObject([{ kind: 'refusal', refusal: { stage } }]);
  });

  test.each(['Error', 'Failed'])('that ends in %s failed', async (status) => {
    const { job } = jobOf('', [taken, { body: { id: 'r-1', status, result: null } }]);
    const failure = { failureClass: FailureClass.UNAVAILABLE };
    expect((await submit(job)).images).toMatchObject([{ kind: 'failure', failure }]);
  });

  test('whose submit was lost cannot be looked up', async () => {
    const { job } = jobOf('', []);
    expect(await fireworksProtocol.reconcile?.(undefined, job)).toEqual({ kind: 'unknown' });
  });
});

test('an account that is suspended is no invalid request', async () => {
  const error = { message: 'Account a is suspended, possibly due to reaching the monthly spending limit.' };
  const { job } = jobOf('text_to_image', [{ status: 412, body: { error } }]);
  await expect(submit(job)).rejects.toMatchObject({ failureClass: FailureClass.ACCOUNT });
});
