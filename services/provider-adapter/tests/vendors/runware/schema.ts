/*
 * What Runware takes, transcribed from two of its own texts and from nothing of ours:
 *   [T] the types of its SDK, github.com/Runware/runware-typescript, src/types/task-map.ts of 22 July 2026;
 *   [D] its API reference, runware.ai/docs/en/image-inference/api-reference, as of 27 October 2025;
 *   [M] the pages of single models, runware.ai/docs/models/…, as of November 2026.
 * The types say which fields there are, the reference says in which range. Closed: a field that is not here is a fault.
 */

const image = { type: 'string', pattern: '^data:image/(png|jpeg|webp);base64,[A-Za-z0-9+/]+=*$' };

/** Fields of every task of images. [T] ImageInferenceParams */
const TASK = {
  taskType: { const: 'imageInference' }, // [D] taskType
  taskUUID: {
    type: 'string', // [D] taskUUID: UUID v4
    pattern: '^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$',
  },
  model: { type: 'string' }, // [T] model
  deliveryMethod: { enum: ['sync', 'async'] }, // [T] deliveryMethod
  outputType: { enum: ['URL', 'base64Data', 'dataURI'] }, // [T] outputType
  outputFormat: { enum: ['JPG', 'PNG', 'WEBP'] }, // [T] outputFormat
  outputQuality: { type: 'integer', minimum: 20, maximum: 99 }, // [D] [M] outputQuality: 20 to 99
  includeCost: { type: 'boolean' }, // [T] includeCost
  numberResults: { type: 'integer', minimum: 1, maximum: 20 }, // [D] numberResults: 1 to 20
  safety: {
    type: 'object', // [T] safety
    additionalProperties: false,
    properties: { checkContent: { type: 'boolean' } }, // [T] safety.checkContent
  },
  positivePrompt: { type: 'string', minLength: 2, maxLength: 3000 }, // [D] positivePrompt: 2 to 3000 characters
};

const side = { type: 'integer', minimum: 128, maximum: 2048, multipleOf: 64 }; // [D] width, height: 128 to 2048, by 64

const SIZE = { width: side, height: side };

/** [T] the types say the unsigned 32-bit range, [D] the reference begins at 1 */
const SEED = { seed: { type: 'integer', minimum: 1, maximum: 4294967295 } };

const STEPS = { steps: { type: 'integer', minimum: 1, maximum: 100 } }; // [D] steps: 1 to 100
const GUIDANCE = { CFGScale: { type: 'number', minimum: 0, maximum: 50 } }; // [D] CFGScale: 0 to 50

const inputs = (properties: object) => ({
  inputs: { type: 'object', additionalProperties: false, minProperties: 1, properties },
});

/** [T] inputs of Flux1DevParams, Flux1SchnellParams, SdxlParams */
const SEED_IMAGE = inputs({ seedImage: image, maskImage: image });

/** [T] inputs of Flux1KontextDevParams */
const REFERENCES = (most: number) =>
  inputs({ referenceImages: { type: 'array', items: image, maxItems: most } });

const STRENGTH = { strength: { type: 'number', minimum: 0, maximum: 1 } }; // [D] strength: 0 to 1

const LORA = {
  lora: {
    type: 'array', // [T] lora[]
    items: {
      type: 'object',
      additionalProperties: false,
      required: ['model'],
      properties: {
        model: { type: 'string' }, // [T] lora[].model
        weight: { type: 'number', minimum: -4, maximum: 4 }, // [D] lora[].weight: -4 to 4
      },
    },
  },
};

const OPTIONS = {
  scheduler: { type: 'string' }, // [T] scheduler
  maskMargin: { type: 'integer', minimum: 32, maximum: 128 }, // [D] maskMargin: 32 to 128
};

/** [M] bfl-flux-1-kontext-dev: the pairs that it supports */
const KONTEXT_SIZES = [
  [1568, 672],
  [1504, 688],
  [1456, 720],
  [1392, 752],
  [1328, 800],
  [1248, 832],
  [1184, 880],
  [1104, 944],
  [1024, 1024],
  [944, 1104],
  [880, 1184],
  [832, 1248],
  [800, 1328],
  [752, 1392],
  [720, 1456],
  [688, 1504],
  [672, 1568],
];

/** [D] runware.ai/docs/en/providers/google, Gemini Flash Image 2.5: the pairs that it supports */
const BANANA_SIZES = [
  [1024, 1024],
  [1248, 832],
  [832, 1248],
  [1184, 864],
  [864, 1184],
  [1152, 896],
  [896, 1152],
  [1344, 768],
  [768, 1344],
  [1536, 672],
];

const pairs = (sizes: readonly (readonly number[])[]) => ({
  anyOf: sizes.map(([width, height]) => ({
    properties: { width: { const: width }, height: { const: height } },
  })),
});

const whole = { type: 'integer' };

function task(properties: object, required: readonly string[], more: object = {}) {
  const all = { ...TASK, ...properties };
  const needed = ['taskType', 'taskUUID', 'model', 'positivePrompt', ...required];
  const item = { type: 'object', additionalProperties: false, required: needed, properties: all, ...more };
  // [D] "Our API always accepts an array of objects as input"
  return { type: 'array', minItems: 1, maxItems: 1, items: item };
}

const SIZED = ['width', 'height']; // [T] width and height are no options there
const NEGATIVE = { negativePrompt: { type: 'string', minLength: 2, maxLength: 3000 } }; // [D] negativePrompt

/** Request bodies by the model's AIR id. */
export const RUNWARE_SCHEMAS: Readonly<Record<string, object>> = {
  // [T] Flux1SchnellParams
  'runware:100@1': task({ ...SIZE, ...SEED, ...STEPS, ...SEED_IMAGE, ...STRENGTH, ...LORA }, SIZED),
  // [T] Flux1DevParams; layerDiffuse is a field of its own there
  'runware:101@1': task(
    {
      ...SIZE,
      ...SEED,
      ...STEPS,
      ...GUIDANCE,
      ...SEED_IMAGE,
      ...STRENGTH,
      ...LORA,
      ...OPTIONS,
      layerDiffuse: { type: 'boolean' },
    },
    SIZED,
  ),
  // [T] SdxlParams
  'civitai:101055@128078': task(
    { ...SIZE, ...SEED, ...STEPS, ...GUIDANCE, ...SEED_IMAGE, ...STRENGTH, ...LORA, ...OPTIONS, ...NEGATIVE },
    SIZED,
  ),
  // [D] inpainting: FLUX Fill uses neither strength nor maskMargin, and needs both images
  'runware:102@1': task(
    {
      ...SIZE,
      ...SEED,
      ...STEPS,
      inputs: { ...SEED_IMAGE.inputs, required: ['seedImage', 'maskImage'] },
    },
    [...SIZED, 'inputs'],
  ),
  // [T] Flux1KontextDevParams; [D] referenceImages: at most 2
  'runware:106@1': task({ width: whole, height: whole, ...SEED, ...REFERENCES(2) }, [], pairs(KONTEXT_SIZES)),
  // [3] four reference images, in the field of the types, by somebody who called it in July 2026
  'runware:400@1': task({ ...SIZE, ...SEED, ...REFERENCES(4) }, SIZED),
  // [D] providers/google: up to 8 reference images, with which a size is ignored
  'google:4@1': task({ width: whole, height: whole, ...REFERENCES(8) }, [], {
    oneOf: [
      { required: ['inputs'], not: { required: ['width'] } },
      { required: SIZED, ...pairs(BANANA_SIZES) },
    ],
  }),
};
