import { closedObject, type DialectSchemas, SIZE } from './schema.ts';

// [T] vLLM-Omni's protocol/images.py, ImageGenerationRequest, read 2026-11-28.
export const vllmOmni: DialectSchemas = {
  '/images/generations': closedObject(['prompt'], {
    prompt: { type: 'string' }, // [T] the only required one
    model: { type: 'string' }, // [T]
    n: { type: 'integer', minimum: 1, maximum: 10 }, // [T] ge 1, le 10
    size: SIZE, // [T] validate_size
    response_format: { const: 'b64_json' }, // [T] url is refused; file is a stream and no JSON
    negative_prompt: { type: 'string' }, // [T]
    num_inference_steps: { type: 'integer', minimum: 1, maximum: 200 }, // [T] ge 1, le 200
    guidance_scale: { type: 'number', minimum: 0, maximum: 20 }, // [T] ge 0, le 20
    true_cfg_scale: { type: 'number', minimum: 0, maximum: 20 }, // [T] ge 0, le 20
    seed: { type: 'integer' }, // [T]
  }),
};
