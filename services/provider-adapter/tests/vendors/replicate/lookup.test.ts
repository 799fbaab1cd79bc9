import { FailureClass } from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { runJob } from '../../../src/providers/replicate/jobs.ts';
import { reconcileJob } from '../../../src/providers/replicate/lookup.ts';
import { picture } from '../pictures.ts';
import { type ScriptedServer, startScriptedServer } from '../scripted-server.ts';
import type { Scene } from '../vendor-script.ts';
import { jobMaker, type MadeJob } from './job.ts';
import { type Remembered, replicateScript } from './script.ts';

/** What the list tells of predictions beside what the script does. */
let told: Partial<Remembered> = {};
let nextPage: string | undefined;

const script = {
  ...replicateScript,
  reply: (request: { path: string }, stage: never) => {
    const reply = replicateScript.reply(request as never, stage) as { body: Record<string, unknown> };
    if (request.path !== '/v1/predictions' || !Array.isArray(reply.body.results)) return reply;
    const results = reply.body.results.map((item) => ({ ...item, ...told }));
    return { ...reply, body: { ...reply.body, results, ...(nextPage !== undefined && { next: nextPage }) } };
  },
} as unknown as typeof replicateScript;

let server: ScriptedServer;
let maker: Awaited<ReturnType<typeof jobMaker>>;
let scene: Scene;
let red: Buffer;

beforeAll(async () => {
  server = await startScriptedServer(script);
  maker = await jobMaker(server);
  red = await picture('#c03020');
  scene = { kind: 'images', images: [red] };
});

afterAll(async () => {
  await maker[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

beforeEach(() => {
  told = {};
  nextPage = undefined;
  server.play([scene], 'lost');
});

const isCancel = replicateScript.isCancel as NonNullable<typeof replicateScript.isCancel>;

/** Submits a job whose answer is lost. */
async function lose({ job, wire }: MadeJob): Promise<void> {
  await expect(runJob(wire, job)).rejects.toMatchObject({ failureClass: FailureClass.UNKNOWN_OUTCOME });
}

const kindOf = async ({ job }: MadeJob) => (await reconcileJob(undefined, job)).kind;

test('the only one of its kind is found, journaled and followed', async () => {
  const made = maker.make();
  await lose(made);
  expect(await reconcileJob(undefined, made.job)).toMatchObject({
    kind: 'answer',
    answer: { images: [{ kind: 'image' }], jobId: expect.any(String) },
  });
  expect(made.accepted).toHaveLength(1);
  expect(server.submits).toBe(1);
});

test('of two with the same prompt and seed neither is taken', async () => {
  const [a, b] = [maker.make(), maker.make()];
  await lose(a);
  await lose(b);
  expect(await Promise.all([kindOf(a), kindOf(b)])).toEqual(['unknown', 'unknown']);
  expect(a.accepted).toEqual([]);
  expect(server.requests.some(isCancel)).toBe(false);
});

test('of two processes that look for the same prediction one has it', async () => {
  const [a, b] = [maker.make(), maker.make()];
  await lose(a);
  // The request of the other never arrived.
  expect((await Promise.all([kindOf(a), kindOf(b)])).toSorted()).toEqual(['answer', 'unknown']);
  expect([...a.accepted, ...b.accepted]).toHaveLength(1);
});

test('what another process has is not taken', async () => {
  server.play([scene]);
  const known = maker.make();
  await runJob(known.wire, known.job);
  // The second one never arrived.
  expect(await kindOf(maker.make())).toBe('unknown');
  server.play([scene, scene]);
  const first = maker.make();
  await runJob(first.wire, first.job);
  const second = maker.make();
  await expect(runJob(second.wire, withoutAnswer(second))).rejects.toBe(gone);
  // There are two of the very same, of which one is known to be the other's.
  expect(await kindOf(second)).toBe('answer');
  expect(second.accepted).not.toEqual(first.accepted);
});

const gone = new Error('gone');

/** A job whose submit arrives, and whose answer does not. */
const withoutAnswer = ({ job, wire }: MadeJob) => ({
  ...job,
  send: async () => job.send(wire).then(() => Promise.reject(gone)),
});

/** Lets the answer to a submit come when it is told to. */
function slow({ job }: MadeJob) {
  const arrived = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  const send: typeof job.send = async (wire) => {
    const answer = await job.send(wire);
    arrived.resolve();
    await released.promise;
    return answer;
  };
  return { job: { ...job, send }, arrived: arrived.promise, release: released.resolve };
}

test('an answer that is late takes its prediction back, and who had found it by likeness goes on looking', async () => {
  // Both of the very same; the answer to one is on its way, the other never arrived.
  server.play([{ kind: 'pending' }]);
  const owner = maker.make();
  const late = slow(owner);
  const making = runJob(owner.wire, late.job);
  await late.arrived;
  const made = maker.make();
  const looking = kindOf(made);
  await server.seen(({ method, path }) => method === 'GET' && path.startsWith('/v1/predictions/'));
  expect(made.accepted).toHaveLength(1);
  late.release();
  await server.seen(({ method, path }) => method === 'GET' && path.startsWith('/v1/predictions/'));
  while (owner.accepted.length === 0) await new Promise((resolve) => setImmediate(resolve));
  const [id = ''] = owner.accepted;
  const url = server.host(red);
  server.memory.set(id, {
    ...(server.memory.get(id) as Remembered),
    status: 'succeeded',
    output: [url],
  });
  expect(await looking).toBe('unknown');
  expect((await making).images).toMatchObject([{ kind: 'image' }]);
  expect(server.requests.some(isCancel)).toBe(false);
});

test('an answer that comes when its prediction is delivered to another is as good as lost', async () => {
  server.play([scene]);
  const owner = maker.make();
  const late = slow(owner);
  const making = runJob(owner.wire, late.job);
  await late.arrived;
  const made = maker.make();
  expect(await kindOf(made)).toBe('answer');
  late.release();
  await expect(making).rejects.toMatchObject({ failureClass: FailureClass.UNKNOWN_OUTCOME });
  expect(owner.accepted).toEqual([]);
  expect(await kindOf(owner)).toBe('unknown');
  expect(server.submits).toBe(1);
});

test('what was found by likeness and journaled is not sure in the next process either', async () => {
  server.play([{ kind: 'pending' }], 'lost');
  const control = new AbortController();
  const made = maker.make({ control, group: 'one' });
  await lose(made);
  const looking = reconcileJob(undefined, made.job);
  await server.seen(({ method, path }) => method === 'GET' && path.startsWith('/v1/predictions/'));
  control.abort(gone);
  await expect(looking).rejects.toBe(gone);
  const [id] = made.accepted;
  const again = new AbortController();
  const next = maker.make({ control: again, group: 'one' });
  const before = server.requests.length;
  const following = reconcileJob(id, next.job);
  await server.seen((request) => server.requests.indexOf(request) >= before);
  again.abort(gone);
  await expect(following).rejects.toBe(gone);
  expect(server.requests.some(isCancel)).toBe(false);
  // Meanwhile it turned out to be another's.
  expect(await maker.make({ group: 'two' }).job.claimJob(id ?? '', true)).toBe('certain');
  const last = maker.make({ group: 'one' });
  expect(await reconcileJob(id, last.job)).toEqual({ kind: 'unknown' });
});

test.each<[string, Partial<Remembered>]>([
  ['another input', { input: { prompt: 'a green pear', seed: 7 } }],
  ['one field more in the input', { input: { prompt: 'a red apple on a table', seed: 7, go_fast: true } }],
  ['one field less in the input', { input: { prompt: 'a red apple on a table' } }],
  ['another model', { model: 'black-forest-labs/flux-schnell' }],
  ['an older one', { created_at: '2026-01-01T00:00:00Z' }],
  ['one made by hand on the site', { source: 'web' }],
  ['data that are removed', { input: {}, data_removed: true }],
  ['a webhook of another submission', { webhook: 'https://atelier.example/webhooks/replicate/other' }],
])('%s is not ours', async (_name, difference) => {
  const made = maker.make({ webhookUrl: 'https://atelier.example/webhooks/replicate/ours' });
  await lose(made);
  told = difference;
  expect(await kindOf(made)).toBe('unknown');
  expect(server.submits).toBe(1);
});

test('a webhook of ours leaves no doubt, even between two alike, and then it may be cancelled', async () => {
  const webhookUrl = 'https://atelier.example/webhooks/replicate/ours';
  server.play([{ kind: 'pending' }], 'lost');
  const control = new AbortController();
  const made = maker.make({ webhookUrl, control });
  await lose(made);
  told = { webhook: webhookUrl };
  const looking = reconcileJob(undefined, made.job);
  await server.seen(({ method, path }) => method === 'GET' && path.startsWith('/v1/predictions/'));
  control.abort(gone);
  await expect(looking).rejects.toBe(gone);
  expect(server.requests.filter(isCancel)).toHaveLength(1);
});

test('what is not surely ours is never cancelled', async () => {
  server.play([{ kind: 'pending' }], 'lost');
  const control = new AbortController();
  const made = maker.make({ control });
  await lose(made);
  const looking = reconcileJob(undefined, made.job);
  await server.seen(({ method, path }) => method === 'GET' && path.startsWith('/v1/predictions/'));
  control.abort(gone);
  await expect(looking).rejects.toBe(gone);
  expect(server.requests.some(isCancel)).toBe(false);
});

test('an image may be shown under another address', async () => {
  const body = { prompt: 'the same at night', image: { $image: 0, change: 'none' }, seed: 5 };
  const made = maker.make({ body });
  await lose(made);
  told = { input: { prompt: 'the same at night', image: 'https://replicate.delivery/x.png', seed: 5 } };
  expect(await kindOf(made)).toBe('answer');
});

test.each([
  ['a version', `owner/of-version:${'a1'.repeat(32)}`, ''],
  ['a deployment', 'acme/flux', 'deployment'],
])('%s is told by its own marks', async (_name, nativeModel, operation) => {
  const made = maker.make({ nativeModel, operation });
  await lose(made);
  if (operation === '') told = { version: 'a1'.repeat(32) };
  expect(await kindOf(made)).toBe('answer');
});

test('the list goes on at the API’s own host alone: the token goes nowhere else', async () => {
  const made = maker.make();
  nextPage = 'https://elsewhere.example/v1/predictions?cursor=1';
  const failure = await reconcileJob(undefined, made.job).catch((error: unknown) => error);
  expect(failure).toMatchObject({
    failureClass: FailureClass.BAD_ANSWER,
    message: 'The provider’s answer leads to another host.',
  });
  expect(JSON.stringify(failure)).not.toContain('r8_');
});

test('a list without an end is not gone through for ever', async () => {
  nextPage = `${server.origin}/v1/predictions?created_after=2026-01-01&cursor=0`;
  expect(await kindOf(maker.make())).toBe('unknown');
  expect(server.requests).toHaveLength(5);
});
