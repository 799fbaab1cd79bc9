import { createHash } from 'node:crypto';
import { ReferenceRole, Task } from '@atelier/protos/atelier/common/v1/parameters_pb.ts';
import {
  type CandidateResult,
  CandidateState,
} from '@atelier/protos/atelier/provider/v1/image_generation_service_pb.ts';
import { ValueSource } from '@atelier/protos/atelier/provider/v1/receipt_pb.ts';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { modelOf } from '../../catalog-models.ts';
import { type AdapterClients, generate, openStage, type Stage, startAdapter } from '../../harness.ts';
import { picture } from '../pictures.ts';
import { type ScriptedServer, startScriptedServer } from '../scripted-server.ts';
import { comfyuiScript } from './script.ts';

let stage: Stage;
let server: ScriptedServer;
let adapter: AdapterClients & AsyncDisposable;
let run = 0;

beforeAll(async () => {
  stage = await openStage();
  server = await startScriptedServer(comfyuiScript);
  const variables = { PROVIDER_COMFYUI_POLL_MS: '1', FETCH_ALLOWED_ORIGINS: server.origin };
  adapter = await startAdapter(stage, {}, { ...comfyuiScript.env(server.origin), ...variables });
});

afterAll(async () => {
  await adapter[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
  await stage[Symbol.asyncDispose]();
});

async function make(
  model: string,
  options: { readonly parameters?: object; readonly prompt?: string; readonly task?: Task } = {},
): Promise<CandidateResult | undefined> {
  const { parameters = {}, prompt = 'a red apple', task = Task.GENERATE } = options;
  run += 1;
  const key = `generations/${run}/0/0`;
  server.play([{ kind: 'images', images: [await picture('#c03020')] }]);
  const layers = [{ source: ValueSource.CALL, parameters }];
  const request = { model: `models/${model}`, prompt, task, layers, allowExperimental: true };
  const told = await generate(adapter, { request, candidates: [{ key }] }, { principal: stage.caller() });
  return told.results.get(key);
}

type Graph = Readonly<
  Record<string, { readonly class_type: string; readonly inputs: Readonly<Record<string, unknown>> }>
>;

function sent(): Graph {
  const submit = server.requests.find(comfyuiScript.isSubmit);
  if (submit === undefined) throw new Error('nothing was submitted');
  return (submit.json as { readonly prompt: Graph }).prompt;
}

/** A graph of nodes that the service never heard of, as an operator would register it. */
const SKETCH = {
  name: 'models/sketch',
  provider: 'comfyui',
  native_model: 'sketch-v3.gguf',
  state: 'validated',
  max_prompt_chars: 400,
  capabilities: {
    prompt: { support: 'native', native: 'prompt.10:2.inputs.words' },
    seed: { support: 'native', min: 0, max: 1_000, native: 'prompt.sampler.inputs.noise' },
    style: { support: 'native', values: ['ink', 'chalk'], native: 'prompt.10:2.inputs.medium' },
    fine_tunes: { support: 'native', max: 1, native: 'loras[].name' },
    provider_options: { support: 'native', native: 'options' },
  },
  constants: {
    template: {
      model: 'loader.gguf',
      loras_after: { model: ['loader', 0], clip: ['loader', 1] },
      options: { paper: 'out.paper' },
    },
    prompt: {
      loader: { class_type: 'GgufLoader', inputs: {} },
      '10:2': { class_type: 'DescribeSketch', inputs: { clip: ['loader', 1] } },
      sampler: {
        class_type: 'SketchSampler',
        inputs: { model: ['loader', 0], words: ['10:2', 0], noise: 0 },
      },
      out: { class_type: 'SaveSketch', inputs: { images: ['sampler', 0], paper: 'white' } },
    },
  },
  options_schema: {
    type: 'object',
    additionalProperties: false,
    properties: { paper: { type: 'string' }, ink: {} },
  },
};

const register = (entry: object) =>
  adapter.catalog.registerModel(
    { model: modelOf(entry) },
    { principal: stage.caller('teams/platform', ['platform-admin']) },
  );

test('a graph that the build never saw is registered, and generates', async () => {
  await register(SKETCH);
  const result = await make('sketch', {
    prompt: 'a (fine) apple',
    parameters: {
      seed: 42n,
      style: 'ink',
      fineTunes: [{ adapter: 'hatching.safetensors' }],
      providerOptions: { comfyui: { paper: 'grey' } },
    },
  });
  expect(result).toMatchObject({ state: CandidateState.SUCCEEDED });
  expect(sent()).toEqual({
    loader: { class_type: 'GgufLoader', inputs: { gguf: 'sketch-v3.gguf' } },
    // Nothing is said to be literal there.
    '10:2': {
      class_type: 'DescribeSketch',
      inputs: { clip: ['lora_1', 1], words: 'a (fine) apple', medium: 'ink' },
    },
    sampler: { class_type: 'SketchSampler', inputs: { model: ['lora_1', 0], words: ['10:2', 0], noise: 42 } },
    out: { class_type: 'SaveSketch', inputs: { images: ['sampler', 0], paper: 'grey' } },
    lora_1: {
      class_type: 'LoraLoader',
      inputs: {
        model: ['loader', 0],
        clip: ['loader', 1],
        lora_name: 'hatching.safetensors',
        strength_model: 1,
        strength_clip: 1,
      },
    },
  });
});

test.each([
  ['elsewhere', 'a place that the graph does not have', { model: '99.gguf' }],
  ['nowhere', 'a place that is none', { model: 'gguf' }],
  ['outless', 'no outputs for fine tunes', { loras_after: { model: 'loader' } }],
])('%s: a template with %s is refused before anything is sent', async (id, _fault, template) => {
  const constants = { ...SKETCH.constants, template };
  await register({ ...SKETCH, name: `models/${id}`, constants });
  await expect(make(id)).rejects.toMatchObject({
    codeName: 'FAILED_PRECONDITION',
    reason: 'MODEL_UNAVAILABLE',
  });
  expect(server.requests).toHaveLength(0);
});

test('an option without a place is refused', async () => {
  const parameters = { providerOptions: { comfyui: { ink: 'black' } } };
  await expect(make('sketch', { parameters })).rejects.toMatchObject({
    fieldViolations: [{ field: 'parameters.provider_options' }],
  });
});

test('brackets are brackets, embeddings are words, and several fine tunes make a chain', async () => {
  const parameters = {
    negativePrompt: 'blur (heavy)',
    fineTunes: [{ adapter: 'a.safetensors', weight: 0.5 }, { adapter: 'b.safetensors' }],
  };
  expect(
    await make('comfyui-sdxl', { prompt: 'a (red:1.4) \\(cat\\) Embedding:style', parameters }),
  ).toMatchObject({
    state: CandidateState.SUCCEEDED,
  });
  const graph = sent();
  expect(graph['6']?.inputs).toEqual({
    clip: ['lora_2', 1],
    text: 'a \\(red:1.4\\) \\\\(cat\\\\) Embedding :style',
  });
  expect(graph['7']?.inputs.text).toBe('blur \\(heavy\\)');
  expect(graph['3']?.inputs.model).toEqual(['lora_2', 0]);
  expect(graph.lora_2?.inputs).toMatchObject({ model: ['lora_1', 0], clip: ['lora_1', 1], strength_clip: 1 });
  expect(graph.lora_1?.inputs).toMatchObject({ model: ['4', 0], clip: ['4', 1], strength_model: 0.5 });
  expect(graph['8']?.inputs.vae).toEqual(['4', 2]);
});

test('images are uploaded once each, under the names of their bytes, and the mask as it is', async () => {
  const [init, mask] = await Promise.all([picture('#303030'), picture('#ffffff')]);
  const referenceImages = [init, mask].map((bytes, index) => ({
    role: index === 0 ? ReferenceRole.INIT : ReferenceRole.MASK,
    source: { case: 'uri' as const, value: server.host(bytes) },
    ...(index === 0 && { strength: 0.6 }),
  }));
  const task = Task.INPAINT;
  expect(await make('comfyui-sdxl-inpaint', { task, parameters: { referenceImages } })).toMatchObject({
    state: CandidateState.SUCCEEDED,
  });
  const name = (bytes: Buffer) => `atelier/${createHash('sha256').update(bytes).digest('hex')}.png`;
  const graph = sent();
  expect(graph['10']).toEqual({ class_type: 'LoadImage', inputs: { image: name(init) } });
  expect(graph['12']).toEqual({ class_type: 'LoadImageMask', inputs: { image: name(mask), channel: 'red' } });
  expect(graph['3']?.inputs.denoise).toBe(0.6);
  const uploads = server.requests.filter(({ path }) => path === '/upload/image');
  expect(uploads).toHaveLength(2);
  expect(uploads.some(({ body }) => body.includes(mask))).toBe(true);
});
