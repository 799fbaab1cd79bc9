import { closedObject, type DialectSchemas, FILE, SIZE } from './schema.ts';

// [T] SGLang's multimodal_gen: protocol.py (ImageGenerationsRequest) and image_api.py (the form of edits), read 2026-11-28.
const COMMON = {
  model: { type: 'string' }, // [T]
  prompt: { type: 'string' }, // [T]
  n: { type: 'integer', minimum: 1, maximum: 10 }, // [T] max(1, min(n, 10))
  size: SIZE, // [T]
  response_format: { const: 'b64_json' }, // [T] url needs a store in the cloud
  output_format: { enum: ['png', 'jpeg', 'webp'] }, // [T]
  output_compression: { type: 'integer', minimum: 0, maximum: 100 }, // [T]; the range is OpenAI's
  background: { enum: ['transparent', 'opaque', 'auto'] }, // [T]
  seed: { type: 'integer' }, // [T] 1024 where it is absent, at least in versions until 2026
  negative_prompt: { type: 'string' }, // [T]
  num_inference_steps: { type: 'integer', minimum: 1 }, // [T]
  guidance_scale: { type: 'number' }, // [T]
  true_cfg_scale: { type: 'number' }, // [T]
} as const;

export const sglang: DialectSchemas = {
  '/images/generations': closedObject(['prompt'], COMMON),
  '/images/edits': closedObject(['prompt', 'image'], {
    ...COMMON,
    image: { anyOf: [FILE, { type: 'array', minItems: 1, items: FILE }] }, // [T] a part image, or parts image[]
  }),
};
