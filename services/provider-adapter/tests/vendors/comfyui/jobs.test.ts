import { CostBasis } from '@atelier/protos/atelier/common/v1/money_pb.ts';
import {
  type CandidateResult,
  CandidateState,
  FailureClass,
} from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import { PricingSchema } from '@atelier/protos/atelier/provider/v1/model_pb.ts';
import { create } from '@bufbuild/protobuf';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { type AdapterClients, generate, openStage, type Stage, startAdapter } from '../../harness.ts';
import { picture } from '../pictures.ts';
import { type ScriptedServer, startScriptedServer } from '../scripted-server.ts';
import type { Reply, ScriptedRequest } from '../vendor-script.ts';
import { comfyuiScript, jobsOf, type ScriptedJob } from './script.ts';

let stage: Stage;
let server: ScriptedServer;
let adapter: AdapterClients & AsyncDisposable;
let run = 0;
/** Changes what the server does with a submit: gets its usual answer, and gives another or none. */
let onSubmit: (reply: Reply) => Reply;
/** What the server remembers, and its jobs. */
let memory: Map<string, unknown>;
let jobs: Map<string, ScriptedJob>;

const start = (env = {}) =>
  startAdapter(stage, {}, { ...comfyuiScript.env(server.origin), PROVIDER_COMFYUI_POLL_MS: '1', ...env });

beforeAll(async () => {
  stage = await openStage();
  server = await startScriptedServer({
    ...comfyuiScript,
    reply(request, scripted) {
      ({ memory } = scripted);
      jobs = jobsOf(scripted);
      const reply = comfyuiScript.reply(request, scripted);
      return comfyuiScript.isSubmit(request) && reply !== undefined ? onSubmit(reply) : reply;
    },
  });
  adapter = await start();
});

beforeEach(() => {
  onSubmit = (reply) => reply;
});

afterAll(async () => {
  await adapter[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
  await stage[Symbol.asyncDispose]();
});

const platform = () => stage.caller('teams/platform', ['platform-admin']);

async function make(
  model = 'comfyui-sdxl',
  clients: AdapterClients = adapter,
): Promise<CandidateResult | undefined> {
  run += 1;
  return repeat(model, clients);
}

async function repeat(
  model = 'comfyui-sdxl',
  clients: AdapterClients = adapter,
): Promise<CandidateResult | undefined> {
  const key = `generations/${run}/0/0`;
  const request = { model: `models/${model}`, prompt: 'a red apple on a table', allowExperimental: true };
  const told = await generate(clients, { request, candidates: [{ key }] }, { principal: stage.caller() });
  return told.results.get(key);
}

const cancel = () =>
  adapter.generation.cancelGenerateImages(
    { keys: [`generations/${run}/0/0`] },
    { principal: stage.caller() },
  );
const one = async () => ({ kind: 'images' as const, images: [await picture('#c03020')] });
const looked = ({ path }: ScriptedRequest) => path === '/queue';
const onlyJob = () => [...jobs.values()][0] as ScriptedJob;
/** Ends the job that was just submitted, as a history tells it. */
function ends(outputs: object, status: object): void {
  onSubmit = (reply) => {
    Object.assign(onlyJob(), { where: 'done', outputs, status });
    return reply;
  };
}

test('the seconds that the server worked are the cost, and the seed is told', async () => {
  const { model } = await adapter.catalog.getModel(
    { name: 'models/comfyui-sdxl' },
    { principal: platform() },
  );
  const rules = [{ unit: 'second', microUsd: 100 }];
  const pricing = create(PricingSchema, { version: 'own-1', source: 'The price of electricity.', rules });
  const priced = { ...model, name: 'models/priced', etag: '', pricing };
  await adapter.catalog.registerModel({ model: priced as never }, { principal: platform() });
  server.play([await one()]);
  const result = await make('priced');
  expect(result?.usage).toMatchObject([
    { unit: 'second', units: 6.5, cost: { microUsd: 650n, basis: CostBasis.ACTUAL } },
  ]);
  const sampler = onlyJob().graph['3']?.inputs as { readonly seed: number };
  expect(result?.seed).toBe(BigInt(sampler.seed));
  expect(result?.providerJobId).toBe([...jobs.keys()][0]);
});

test('previews are no results', async () => {
  server.play([await one()]);
  const preview = { filename: 'preview.png', subfolder: '', type: 'temp' };
  ends({ 8: { images: [preview] }, 9: { images: [preview] } }, { status_str: 'success', messages: [] });
  expect((await make())?.failure).toMatchObject({ class: FailureClass.BAD_ANSWER });
});

test('a graph that does not pass is told by node and input, and nothing is quoted', async () => {
  server.play([await one()]);
  const extra = { input_name: 'ckpt_name', received_value: 'a red apple' };
  const fault = {
    type: 'value_not_in_list',
    message: 'Value not in list',
    details: 'a red apple',
    extra_info: extra,
  };
  const nodes = { 4: { errors: [fault], dependent_outputs: ['9'], class_type: 'CheckpointLoaderSimple' } };
  const error = { type: 'prompt_outputs_failed_validation', message: 'Prompt outputs failed validation' };
  onSubmit = () => ({ status: 400, body: { error, node_errors: nodes } });
  expect((await make())?.failure).toMatchObject({
    class: FailureClass.INVALID_REQUEST,
    message:
      'The provider answered 400: Prompt outputs failed validation; node 4 (CheckpointLoaderSimple, input ckpt_name): Value not in list',
  });
  expect(server.submits).toBe(1);
});

test.each([
  ['Allocation on device', 'The server failed in a node KSampler: OutOfMemoryError: Allocation on device.'],
  [
    'cannot draw a red apple on a table',
    'The server failed in a node KSampler: OutOfMemoryError: cannot draw […].',
  ],
])('an error of a node: %s', async (said, message) => {
  server.play([await one()]);
  const data = {
    node_id: '3',
    node_type: 'KSampler',
    exception_type: 'OutOfMemoryError',
    exception_message: said,
  };
  ends({}, { status_str: 'error', completed: false, messages: [['execution_error', data]] });
  expect((await make())?.failure).toMatchObject({ class: FailureClass.UNAVAILABLE, message });
  expect(server.submits).toBe(1);
});

test('a job that somebody else interrupted', async () => {
  server.play([await one()]);
  ends({}, { status_str: 'error', completed: false, messages: [['execution_interrupted', {}]] });
  const failure = (await make())?.failure;
  expect(failure).toMatchObject({ class: FailureClass.UNAVAILABLE });
  expect(failure?.message).toContain('interrupted');
});

test('what was saved before an error is whole', async () => {
  server.play([await one()]);
  onSubmit = (reply) => {
    onlyJob().status = {
      status_str: 'error',
      messages: [['execution_error', { node_type: 'ImageUpscale' }]],
    };
    return reply;
  };
  expect(await make()).toMatchObject({ state: CandidateState.SUCCEEDED });
});

test('a submit that was lost on its way is sent again, once, after looks at queue and history', async () => {
  server.play([await one()]);
  let sent = 0;
  onSubmit = (reply) => {
    sent += 1;
    if (sent > 1) return reply;
    jobs.clear();
    // A proxy that lost the server.
    return { status: 502 };
  };
  expect(await make()).toMatchObject({ state: CandidateState.SUCCEEDED });
  expect(server.submits).toBe(2);
  const ids = server.requests
    .filter(comfyuiScript.isSubmit)
    .map(({ json }) => (json as { prompt_id: string }).prompt_id);
  expect(new Set(ids).size).toBe(1);
  const first = server.requests.findIndex(comfyuiScript.isSubmit);
  const second = server.requests.findLastIndex(comfyuiScript.isSubmit);
  const between = server.requests.slice(first + 1, second).map(({ path }) => path.split('/')[1]);
  // The queue before the history, and more than once.
  expect(between.slice(0, 3)).toEqual(['queue', 'history', 'history']);
  expect(between.filter((path) => path === 'queue')).toHaveLength(4);
});

test('a submit that a proxy lost, and the server did not, is not sent again', async () => {
  server.play([await one()]);
  onSubmit = () => ({ status: 504 });
  expect(await make()).toMatchObject({ state: CandidateState.SUCCEEDED });
  expect(server.submits).toBe(1);
});

test('a lost submit to a server that gives ids of its own is found by the client id', async () => {
  server.play([await one()], 'lost');
  onSubmit = (reply) => {
    const [own, job] = [...jobs][0] as [string, ScriptedJob];
    jobs.delete(own);
    jobs.set('id-of-the-server', job);
    return reply;
  };
  expect(await make()).toMatchObject({ state: CandidateState.SUCCEEDED, providerJobId: 'id-of-the-server' });
  expect(server.submits).toBe(1);
});

test('a job that the server does not know any more has an unknown outcome, and is not sent again', async () => {
  server.play([{ kind: 'pending' }]);
  onSubmit = (reply) => {
    jobs.clear();
    return reply;
  };
  expect((await make())?.failure).toMatchObject({ class: FailureClass.UNKNOWN_OUTCOME });
  expect(server.submits).toBe(1);
});

test('a job that waits is taken out of the queue, and nobody is interrupted', async () => {
  server.play([{ kind: 'pending' }]);
  onSubmit = (reply) => {
    onlyJob().where = 'pending';
    return reply;
  };
  const making = make();
  await server.seen(looked);
  await cancel();
  expect(await making).toMatchObject({ state: CandidateState.CANCELLED });
  expect(jobs.size).toBe(0);
  expect(server.requests.filter((request) => comfyuiScript.isCancel?.(request))).toEqual([]);
});

test('a job outlives the process that sent it', async () => {
  server.play([{ kind: 'pending' }]);
  {
    await using first = await start({ PROVIDER_ADAPTER_DRAIN_GRACE: '1ms' });
    const making = make('comfyui-sdxl', first).catch((error: unknown) => error);
    await server.seen(looked);
    await first[Symbol.asyncDispose]();
    expect(await making).toBeInstanceOf(Error);
  }
  expect(onlyJob().where).toBe('running');
  memory.set('late.png', await picture('#20a040'));
  Object.assign(onlyJob(), {
    where: 'done',
    outputs: { 9: { images: [{ filename: 'late.png', subfolder: 'daily', type: 'output' }] } },
  });
  await using second = await start();
  expect(await repeat('comfyui-sdxl', second)).toMatchObject({
    state: CandidateState.SUCCEEDED,
    replayed: true,
  });
  expect(server.submits).toBe(1);
});
