/**
 * What ComfyUI takes as a submit: transcribed from its sources, as they stood in autumn 2025 and, where said, summer 2026.
 * Marks: [T] read in its source; [D] its documentation. The server ignores inputs that a node does not have; here they are
 * forbidden, since one that is ignored is a value lost.
 */

/** A link to another node's output: validate_inputs in execution.py takes a list of two, the id and the number [T]. */
const link = {
  type: 'array',
  prefixItems: [
    { type: 'string', minLength: 1 },
    { type: 'integer', minimum: 0 },
  ],
  minItems: 2,
  maxItems: 2,
};

const text = { type: 'string' };
const file = { type: 'string', minLength: 1 };
/** MAX_RESOLUTION in nodes.py [T]. */
const side = (step: number, minimum = 16) => ({
  type: 'integer',
  minimum,
  maximum: 16_384,
  multipleOf: step,
});

/** Inputs of nodes, all of them required: INPUT_TYPES of each class. */
const inputs: Readonly<Record<string, object>> = {
  // nodes.py, KSampler [T]: seed to 0xffffffffffffffff, which is above what a number in JSON holds exactly.
  KSampler: {
    model: link,
    seed: { type: 'integer', minimum: 0, maximum: 9_007_199_254_740_991 },
    steps: { type: 'integer', minimum: 1, maximum: 10_000 },
    cfg: { type: 'number', minimum: 0, maximum: 100 },
    sampler_name: {
      enum: ['euler', 'euler_ancestral', 'dpmpp_2m', 'dpmpp_2m_sde', 'dpmpp_3m_sde', 'uni_pc', 'ddim'],
    },
    scheduler: { enum: ['normal', 'karras', 'exponential', 'sgm_uniform', 'simple', 'ddim_uniform', 'beta'] },
    positive: link,
    negative: link,
    latent_image: link,
    denoise: { type: 'number', minimum: 0, maximum: 1 },
  },
  // nodes.py [T].
  CheckpointLoaderSimple: { ckpt_name: file },
  UNETLoader: {
    unet_name: file,
    weight_dtype: { enum: ['default', 'fp8_e4m3fn', 'fp8_e4m3fn_fast', 'fp8_e5m2'] },
  },
  VAELoader: { vae_name: file },
  DualCLIPLoader: {
    clip_name1: file,
    clip_name2: file,
    type: { enum: ['sdxl', 'sd3', 'flux', 'hunyuan_video', 'hidream'] },
  },
  LoraLoader: {
    model: link,
    clip: link,
    lora_name: file,
    strength_model: { type: 'number', minimum: -100, maximum: 100 },
    strength_clip: { type: 'number', minimum: -100, maximum: 100 },
  },
  EmptyLatentImage: {
    width: side(8),
    height: side(8),
    batch_size: { type: 'integer', minimum: 1, maximum: 4_096 },
  },
  CLIPTextEncode: { clip: link, text },
  VAEDecode: { samples: link, vae: link },
  VAEEncode: { pixels: link, vae: link },
  SetLatentNoiseMask: { samples: link, mask: link },
  ConditioningZeroOut: { conditioning: link },
  SaveImage: { images: link, filename_prefix: text },
  LoadImage: { image: file },
  LoadImageMask: { image: file, channel: { enum: ['alpha', 'red', 'green', 'blue'] } },
  // comfy_extras/nodes_sd3.py [T]: step 16, in older versions 8.
  EmptySD3LatentImage: {
    width: side(16),
    height: side(16),
    batch_size: { type: 'integer', minimum: 1, maximum: 4_096 },
  },
  // comfy_extras/nodes_flux.py [T].
  FluxGuidance: {
    conditioning: link,
    guidance: { type: 'number', minimum: 0, maximum: 100, multipleOf: 0.1 },
  },
  // comfy_extras/nodes_post_processing.py [T, summer 2026]; resolution_steps is of 2026, and ignored before.
  ImageScaleToTotalPixels: {
    image: link,
    upscale_method: { enum: ['nearest-exact', 'bilinear', 'area', 'bicubic', 'lanczos'] },
    megapixels: { type: 'number', minimum: 0.01, maximum: 16 },
    resolution_steps: { type: 'integer', minimum: 1, maximum: 256 },
  },
};

const node = {
  type: 'object',
  required: ['class_type', 'inputs'],
  additionalProperties: false,
  properties: { class_type: { enum: Object.keys(inputs) }, inputs: { type: 'object' } },
  // Each class by itself: a node is of another class, or has its inputs.
  allOf: Object.entries(inputs).map(([type, properties]) => ({
    anyOf: [
      { properties: { class_type: { not: { const: type } } } },
      {
        properties: {
          inputs: { properties, required: Object.keys(properties), additionalProperties: false },
        },
      },
    ],
  })),
};

/** The body of POST /prompt: post_prompt in server.py [T]. Every other field is ignored there, and forbidden here. */
export const submitSchema = {
  type: 'object',
  required: ['prompt', 'prompt_id', 'client_id'],
  additionalProperties: false,
  properties: {
    prompt: { type: 'object', minProperties: 1, additionalProperties: node },
    prompt_id: {
      type: 'string',
      pattern: '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$',
    },
    client_id: text,
  },
};
