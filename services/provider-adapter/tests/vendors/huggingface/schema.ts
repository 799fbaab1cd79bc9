/**
 * What bodies may hold, by the path below the router. Transcribed on 28 November 2026, closed, from the input schema of
 * "text-to-image" in @huggingface/tasks 0.19.78 [T] and from what the client @huggingface/inference 4.13.30 builds for each
 * provider [T]; fields of fal from the types of its client 1.10.1 [T]. Bounds are not the vendors' where none is cited.
 */

const text = { type: 'string', minLength: 1 };
const whole = { type: 'integer', minimum: 0 };
const side = { type: 'integer', minimum: 1 };

/** [T] TextToImageInput and TextToImageParameters: seven parameters, none required. */
const own = {
  type: 'object',
  additionalProperties: false,
  required: ['inputs'],
  properties: {
    inputs: text,
    parameters: {
      type: 'object',
      additionalProperties: false,
      properties: {
        guidance_scale: { type: 'number' },
        negative_prompt: { type: 'string' },
        num_inference_steps: { type: 'integer', minimum: 1 },
        width: side,
        height: side,
        scheduler: { type: 'string' },
        seed: whole,
      },
    },
  },
};

/** [T] the client's Together task: steps under another name, images in base64 by a word that only Together has. */
const together = {
  type: 'object',
  additionalProperties: false,
  required: ['model', 'prompt', 'response_format'],
  properties: {
    model: text,
    prompt: text,
    response_format: { const: 'base64' },
    width: side,
    height: side,
    steps: { type: 'integer', minimum: 1 },
    seed: whole,
  },
};

/** [T] the client's Nscale task: OpenAI's word for base64, parameters beside the prompt. */
const nscale = {
  type: 'object',
  additionalProperties: false,
  required: ['model', 'prompt', 'response_format'],
  properties: {
    model: text,
    prompt: text,
    response_format: { const: 'b64_json' },
    width: side,
    height: side,
  },
};

/** [T] the client's fal task: the path names the model, and `sync_mode` is always on; [T] fal's FluxDevInput. */
const fal = {
  type: 'object',
  additionalProperties: false,
  required: ['prompt', 'sync_mode'],
  properties: {
    prompt: text,
    sync_mode: { const: true },
    image_size: {
      type: 'object',
      additionalProperties: false,
      required: ['width', 'height'],
      properties: { width: side, height: side },
    },
    num_inference_steps: { type: 'integer', minimum: 1 },
    guidance_scale: { type: 'number' },
    seed: whole,
    num_images: { const: 1 },
    output_format: { enum: ['jpeg', 'png'] },
  },
};

/** Schemas by path. */
export const SCHEMAS: Readonly<Record<string, object>> = {
  '/hf-inference/models/black-forest-labs/FLUX.1-schnell': own,
  '/hf-inference/models/stabilityai/stable-diffusion-xl-base-1.0': own,
  '/together/v1/images/generations': together,
  '/nscale/v1/images/generations': nscale,
  '/fal-ai/fal-ai/flux/dev': fal,
};
