import {
  OnUnsupported,
  ParametersSchema,
  ReferenceRole,
  Task,
} from '@atelier/protos/atelier/common/v1/parameters_pb.ts';
import type { Model } from '@atelier/protos/atelier/provider/v1/model_pb.ts';
import { FieldDisposition, ValueSource } from '@atelier/protos/atelier/provider/v1/receipt_pb.ts';
import { create, type JsonObject, type MessageInitShape } from '@bufbuild/protobuf';
import { describe, expect, test } from '@jest/globals';
import { builtInModels, modelOf } from '../../tests/catalog-models.ts';
import { type Translation, translate } from './translate.ts';

const { STRICT, ADAPT, IGNORE } = OnUnsupported;
const model = await builtInModels();

type Init = MessageInitShape<typeof ParametersSchema>;

const DISPOSITIONS = new Map<number, string>(
  Object.entries(FieldDisposition).map(([name, value]) => [value, name]),
);

function run(
  of: Model,
  { call = {}, project, template }: { call?: Init; project?: Init; template?: Init },
  policy: OnUnsupported = STRICT,
  { task = Task.GENERATE as Task, candidates = [{}] as { seed?: number }[], prompt = 'an apple.' } = {},
): Translation {
  const layers = [
    { source: ValueSource.CALL, parameters: create(ParametersSchema, call) },
    ...(project ? [{ source: ValueSource.PROJECT, parameters: create(ParametersSchema, project) }] : []),
    ...(template ? [{ source: ValueSource.TEMPLATE, parameters: create(ParametersSchema, template) }] : []),
  ];
  return translate({ model: of, providerType: of.provider, task, prompt, layers, policy, candidates });
}

/** The receipt as `field: DISPOSITION`. */
function brief({ receipt }: Translation): Record<string, string | undefined> {
  return Object.fromEntries(receipt.map(({ field, disposition }) => [field, DISPOSITIONS.get(disposition)]));
}

const fields = ({ problems }: Translation) => problems.map(({ field }) => field);
const body = ({ requests }: Translation) => requests[0]?.body;

describe('the same request on three studio models', () => {
  const call: Init = {
    size: { width: 1000, height: 1000 },
    seed: 5_000_000_000n,
    negativePrompt: 'people',
    background: 2,
    steps: 30,
    count: 2,
  };

  test('STRICT names every offending field, and only those', () => {
    const refused = (id: string) => fields(run(model(id), { call }));
    const all = ['negative_prompt', 'size', 'seed', 'steps', 'background'];
    expect(refused('studio-draft')).toEqual(all.map((field) => `parameters.${field}`));
    expect(refused('studio-standard')).toEqual(['parameters.seed', 'parameters.background']);
    expect(refused('studio-pro')).toEqual([]);
  });

  test('ADAPT tells what became of each field', () => {
    const told = (id: string) => brief(run(model(id), { call }, ADAPT));
    expect(told('studio-draft')).toEqual({
      prompt: 'NATIVE',
      negative_prompt: 'EMULATED',
      size: 'EMULATED',
      count: 'NATIVE',
      seed: 'DROPPED',
      steps: 'CLAMPED',
      background: 'DROPPED',
      output_format: 'DEFAULTED',
    });
    expect(told('studio-standard')).toEqual({
      prompt: 'NATIVE',
      negative_prompt: 'NATIVE',
      size: 'NATIVE',
      count: 'NATIVE',
      seed: 'CLAMPED',
      guidance: 'DEFAULTED',
      steps: 'NATIVE',
      background: 'DROPPED',
      output_format: 'DEFAULTED',
    });
    expect(told('studio-pro')).toMatchObject({ background: 'NATIVE', seed: 'NATIVE', steps: 'NATIVE' });
  });

  test('IGNORE drops, and records it', () => {
    const translation = run(model('studio-draft'), { call }, IGNORE);
    expect(translation.problems).toEqual([]);
    expect(brief(translation)).toMatchObject({
      negative_prompt: 'DROPPED',
      size: 'DROPPED',
      steps: 'DROPPED',
    });
    expect(translation.prompt).toBe('an apple.');
    expect(body(translation)).toMatchObject({ width: 512, height: 512 });
  });

  test('an emulated negative prompt is shown in the prompt', () => {
    const translation = run(model('studio-draft'), { call: { negativePrompt: 'people' } }, ADAPT);
    expect(translation.prompt).toBe('an apple. Avoid: people.');
    expect(body(translation)).toMatchObject({ prompt: 'an apple. Avoid: people.' });
  });
});

describe('precedence', () => {
  test('call, then project, then template, then model, with the source of each', () => {
    const translation = run(model('studio-standard'), {
      call: { seed: 1n },
      project: { seed: 2n, guidance: 3 },
      template: { guidance: 4, steps: 20 },
    });
    const sources = Object.fromEntries(translation.receipt.map(({ field, source }) => [field, source]));
    expect(sources).toMatchObject({
      seed: ValueSource.CALL,
      guidance: ValueSource.PROJECT,
      steps: ValueSource.TEMPLATE,
      size: ValueSource.MODEL,
    });
    expect(body(translation)).toMatchObject({ seed: 1, guidance: 3, steps: 20 });
  });

  test('a cleared field is not inherited', () => {
    const translation = run(model('studio-standard'), {
      call: { clear: { paths: ['seed'] } },
      project: { seed: 2n },
    });
    expect(brief(translation).seed).toBeUndefined();
    expect(body(translation)).not.toHaveProperty('seed');
  });

  test('STRICT adapts what is inherited, unless a layer requires it', () => {
    const project: Init = { size: { width: 999, height: 999 }, steps: 40 };
    expect(run(model('studio-draft'), { project }).problems).toEqual([]);
    const required = { ...project, required: { paths: ['steps'] } };
    expect(fields(run(model('studio-draft'), { project: required }))).toEqual(['project.parameters.steps']);
    expect(fields(run(model('studio-draft'), { project: required }, ADAPT))).toEqual([
      'project.parameters.steps',
    ]);
  });
});

describe('contradictions', () => {
  test.each<[string, Init, string[]]>([
    [
      'size and ratio',
      { size: { width: 1024, height: 1024 }, aspectRatio: '16:9' },
      ['size', 'aspect_ratio'],
    ],
    ['size and resolution', { size: { width: 512, height: 512 }, resolution: 3 }, ['size', 'resolution']],
    ['transparency and JPEG', { background: 2, outputFormat: 2 }, ['background', 'output_format']],
  ])('%s of one layer are refused under every policy', (_name, call, named) => {
    for (const policy of [STRICT, ADAPT, IGNORE]) {
      const { problems } = run(model('studio-pro'), { call }, policy);
      expect(problems.map(({ field }) => field)).toEqual(named.map((field) => `parameters.${field}`));
      expect(problems.map(({ reason }) => reason)).toEqual(['CONTRADICTORY_FIELDS', 'CONTRADICTORY_FIELDS']);
    }
  });

  test('between layers the more specific wins, and the other is recorded', () => {
    const translation = run(model('studio-pro'), { call: { background: 2 }, project: { outputFormat: 2 } });
    expect(translation.problems).toEqual([]);
    expect(translation.receipt.find(({ field }) => field === 'output_format')).toMatchObject({
      disposition: FieldDisposition.DROPPED,
      asked: 'jpeg',
      sent: 'png',
      source: ValueSource.PROJECT,
    });
  });

  test('a task needs its images, and a mask a picture', () => {
    const image = (role: ReferenceRole) => ({
      source: { case: 'uri', value: 'https://a.example/x' } as const,
      role,
    });
    const at = (call: Init, task: Task) => run(model('studio-pro'), { call }, ADAPT, { task }).problems;
    expect(at({}, Task.EDIT)).toMatchObject([{ field: 'parameters.reference_images' }]);
    expect(at({ referenceImages: [image(ReferenceRole.INIT)] }, Task.INPAINT)).toHaveLength(1);
    expect(at({ referenceImages: [image(ReferenceRole.MASK)] }, Task.GENERATE)).toHaveLength(1);
    expect(
      at({ referenceImages: [image(ReferenceRole.INIT), image(ReferenceRole.INIT)] }, Task.EDIT),
    ).toHaveLength(1);
    expect(
      at({ referenceImages: [image(ReferenceRole.INIT), image(ReferenceRole.MASK)] }, Task.INPAINT),
    ).toEqual([]);
    expect(at({}, Task.UPSCALE).map(({ field }) => field)).toContain('task');
  });
});

describe('shapes', () => {
  test.each([
    ['16:9', 'studio-standard', 'EMULATED'],
    ['16:9', 'studio-draft', 'EMULATED'],
    ['1:1', 'studio-draft', 'EMULATED'],
  ])(
    'a ratio of %s is reached exactly by a size of %s, also under STRICT',
    (aspectRatio, id, disposition) => {
      const translation = run(model(id), { call: { aspectRatio } });
      expect(translation.problems).toEqual([]);
      expect(brief(translation).aspect_ratio).toBe(disposition);
      const { width, height } = body(translation) as { width: number; height: number };
      const [w = 1, h = 1] = aspectRatio.split(':').map(Number);
      expect(Math.abs(width / height / (w / h) - 1)).toBeLessThan(0.005);
    },
  );

  test('a ratio that no size has is refused, or clamped', () => {
    expect(fields(run(model('studio-draft'), { call: { aspectRatio: '21:9' } }))).toEqual([
      'parameters.aspect_ratio',
    ]);
    const adapted = run(model('studio-draft'), { call: { aspectRatio: '21:9' } }, ADAPT);
    expect(brief(adapted).aspect_ratio).toBe('CLAMPED');
    expect(body(adapted)).toMatchObject({ width: 768, height: 432 });
  });

  test('a size far beyond the model is clamped and not enlarged', () => {
    const translation = run(model('studio-draft'), { call: { size: { width: 4096, height: 4096 } } }, ADAPT);
    expect(brief(translation).size).toBe('CLAMPED');
    expect(translation.finish).toEqual({});
  });

  test('a model with ratios alone makes the nearest, and a crop gives the exact size', () => {
    const ratios = modelOf({
      capabilities: {
        prompt: { support: 'native', native: 'input.prompt' },
        size: { support: 'emulated' },
        aspect_ratio: {
          support: 'native',
          values: ['1:1', '16:9', '9:16'],
          native: { path: 'input.ratio', transform: 'ratio_x' },
        },
      },
    });
    const translation = run(ratios, { call: { size: { width: 1200, height: 700 } } }, ADAPT);
    expect(body(translation)).toEqual({ input: { prompt: 'an apple.', ratio: '16x9' } });
    expect(translation.finish).toEqual({ size: { width: 1200, height: 700 } });
    expect(fields(run(ratios, { call: { size: { width: 1200, height: 700 } } }))).toEqual([
      'parameters.size',
    ]);
  });
});

describe('native spellings', () => {
  const vendor = modelOf({
    tasks: ['generate', 'inpaint'],
    constants: { input: { version: 'v1' } },
    capabilities: {
      prompt: { support: 'native', native: 'input.prompt' },
      quality: {
        support: 'native',
        values: ['low', 'high'],
        native: { path: 'input.speed', transform: 'lookup', values: { low: 'TURBO', high: 2 } },
      },
      size: {
        support: 'native',
        min: 64,
        max: 2048,
        step: 64,
        native: [
          { path: 'input.dimensions', transform: 'size_text' },
          { path: 'input.shape', transform: 'lookup', values: { '64x64': 'icon', '*': 'custom' } },
        ],
      },
      guidance: { support: 'native', native: [{ path: 'input.cfg', transform: 'scale', scale: 0.1 }] },
      reference_images: { support: 'native', max: 4, roles: ['init', 'mask', 'style'] },
      init_image: { support: 'native', native: 'input.image' },
      init_strength: {
        support: 'native',
        min: 0,
        max: 1,
        native: { path: 'input.weight', transform: 'invert' },
      },
      mask_image: { support: 'native', native: { path: 'input.mask', transform: 'mask_invert' } },
      style_image: { support: 'native', max: 2, native: 'input.styles[]' },
      fine_tunes: { support: 'native', max: 2, native: 'input.loras[].path' },
      fine_tune_weight: { support: 'native', min: 0, max: 2, native: 'input.loras[].scale' },
    },
    options_schema: {
      type: 'object',
      additionalProperties: false,
      properties: { go_fast: { type: 'boolean' } },
    },
  });
  const image = (role: ReferenceRole, strength?: number) => ({
    source: { case: 'uri', value: 'https://a.example/x.png' } as const,
    role,
    ...(strength !== undefined && { strength }),
  });

  test('paths, lookups, scales, directions, polarities and lists', () => {
    const call: Init = {
      quality: 3,
      size: { width: 128, height: 256 },
      guidance: 5,
      referenceImages: [
        image(ReferenceRole.STYLE),
        image(ReferenceRole.INIT, 0.8),
        image(ReferenceRole.MASK),
        image(ReferenceRole.STYLE),
      ],
      fineTunes: [{ adapter: 'a', weight: 0.5 }, { adapter: 'b' }],
      providerOptions: { test: { go_fast: true }, other: { x: 1 } },
    };
    const translation = run(vendor, { call }, STRICT, { task: Task.INPAINT });
    expect(translation.problems).toEqual([]);
    expect(body(translation)).toEqual({
      input: {
        version: 'v1',
        prompt: 'an apple.',
        speed: 2,
        dimensions: '128x256',
        shape: 'custom',
        cfg: 0.5,
        image: { $image: 1, change: 'none' },
        weight: 0.2,
        mask: { $image: 2, change: 'mask_invert' },
        styles: [
          { $image: 0, change: 'none' },
          { $image: 3, change: 'none' },
        ],
        loras: [{ path: 'a', scale: 0.5 }, { path: 'b' }],
      },
      go_fast: true,
    });
    expect(brief(translation)).toMatchObject({
      'reference_images[1].strength': 'NATIVE',
      'fine_tunes[0].weight': 'NATIVE',
      'provider_options.test': 'NATIVE',
      'provider_options.other': 'DROPPED',
    });
  });

  test('options that the schema does not know are named', () => {
    const call: Init = { providerOptions: { test: { slow: 1 } } };
    const { problems } = run(vendor, { call });
    expect(problems).toMatchObject([{ field: 'parameters.provider_options.test' }]);
    expect(problems[0]?.description).toContain('slow');
  });

  test('options go where the entry says, and never over a field of the vocabulary', () => {
    const nested = modelOf({
      capabilities: {
        prompt: { support: 'native', native: 'input.prompt' },
        seed: { support: 'native', native: 'input.seed' },
        provider_options: { support: 'native', native: 'input' },
      },
      options_schema: { type: 'object' },
    });
    const of = (options: JsonObject) => run(nested, { call: { providerOptions: { test: options } } });
    expect(body(of({ turbo: { on: true } }))).toEqual({
      input: { prompt: 'an apple.', turbo: { on: true } },
    });
    expect(of({ prompt: 'another' }).problems).toMatchObject([
      { field: 'parameters.provider_options.test', reason: 'CONTRADICTORY_FIELDS' },
    ]);
    const polluting = of(JSON.parse('{"__proto__": {"polluted": true}}') as JsonObject);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
    expect(polluting.problems).toEqual([]);
  });

  test('a prompt over the limit is refused, or cut at a word', () => {
    const short = modelOf({
      max_prompt_chars: 12,
      capabilities: { prompt: { support: 'native', native: 'p' }, negative_prompt: { support: 'emulated' } },
    });
    const prompt = 'three red apples';
    expect(fields(run(short, {}, STRICT, { prompt }))).toEqual(['prompt']);
    const cut = run(short, { call: { negativePrompt: 'no room' } }, ADAPT, { prompt });
    expect(body(cut)).toEqual({ p: 'three red' });
    expect(brief(cut)).toEqual({ prompt: 'CLAMPED', negative_prompt: 'DROPPED' });
  });
});

describe('candidates', () => {
  test('each has its own seed, or shares a request where there is none', () => {
    const seeds = [{ seed: 1 }, { seed: 2 }, { seed: 3 }];
    const many = run(model('studio-standard'), { call: { count: 3 } }, STRICT, { candidates: seeds });
    expect(many.requests.map(({ body: { seed } }) => seed)).toEqual([1, 2, 3]);
    expect(brief(many)).toMatchObject({ count: 'EMULATED', seed: 'NATIVE' });
    const shared = run(model('studio-draft'), { call: { count: 3 } }, STRICT, { candidates: seeds });
    expect(shared.requests).toMatchObject([{ body: { n: 3 }, candidates: [0, 1, 2] }]);
    // The platform derived these seeds, so that their loss is recorded and not refused.
    expect(brief(shared)).toMatchObject({ count: 'NATIVE', seed: 'DROPPED' });
  });

  test('quality and steps exclude each other where the entry says so', () => {
    expect(fields(run(model('studio-standard'), { call: { quality: 1, steps: 9 } }))).toEqual([
      'parameters.steps',
    ]);
    const inherited = run(model('studio-standard'), { call: { steps: 9 }, project: { quality: 1 } });
    expect(inherited.problems).toEqual([]);
    expect(brief(inherited)).toMatchObject({ steps: 'NATIVE', quality: 'DROPPED' });
  });
});

test('an image of a role that the model cannot do without is asked for under every policy', () => {
  const guided = modelOf({
    capabilities: {
      prompt: { support: 'native', native: 'prompt' },
      reference_images: { support: 'native', max: 1, roles: ['control'] },
      control_image: { support: 'native', max: 1, required: true, native: 'image' },
    },
  });
  const source = { case: 'image' as const, value: 'images/00000000-0000-7000-8000-000000000000' };
  const image = (role: ReferenceRole) => ({ call: { referenceImages: [{ role, source }] } });
  for (const policy of [STRICT, ADAPT, IGNORE]) {
    expect(fields(run(guided, {}, policy))).toEqual(['parameters.reference_images']);
    expect(fields(run(guided, image(ReferenceRole.STYLE), policy))).toContain('parameters.reference_images');
    expect(fields(run(guided, image(ReferenceRole.CONTROL), policy))).toEqual([]);
  }
});

test('a request without what the model cannot do without is refused under every policy', () => {
  const tuned = modelOf({
    capabilities: {
      prompt: { support: 'native', native: 'prompt' },
      fine_tunes: { support: 'native', max: 1, required: true, native: 'adapter' },
    },
  });
  for (const policy of [STRICT, ADAPT, IGNORE]) {
    expect(fields(run(tuned, {}, policy))).toEqual(['parameters.fine_tunes']);
    expect(fields(run(tuned, { call: { fineTunes: [{ adapter: 'mine' }] } }, policy))).toEqual([]);
  }
});
