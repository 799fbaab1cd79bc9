import { closedObject, DATA_URI, type DialectSchemas } from './schema.ts';

// [S] Together's published OpenAPI document, commit 090263a of 2026-04-28, POST /images/generations; read 2026-11-28.
export const together: DialectSchemas = {
  '/images/generations': closedObject(['prompt', 'model'], {
    prompt: { type: 'string', minLength: 1 }, // [S]
    model: { type: 'string', minLength: 1 }, // [S] an open list
    steps: { type: 'integer', minimum: 1 }, // [S]
    image_url: DATA_URI, // [S] an address; that a data URI is one is [I]
    seed: { type: 'integer' }, // [S]
    n: { type: 'integer', minimum: 1, maximum: 4 }, // [S]; 1 to 4 [D] docs.together.ai, images overview
    height: { type: 'integer', minimum: 1 }, // [S]
    width: { type: 'integer', minimum: 1 }, // [S]
    negative_prompt: { type: 'string' }, // [S]
    response_format: { enum: ['base64', 'url'] }, // [S] base64, and not b64_json as OpenAI has it
    guidance_scale: { type: 'number' }, // [S]
    output_format: { enum: ['jpeg', 'png'] }, // [S]
    image_loras: {
      type: 'array',
      maxItems: 2, // [3] at most two, by notes of third parties on the documentation
      items: closedObject(['path', 'scale'], {
        path: { type: 'string', format: 'uri' }, // [S] required
        scale: { type: 'number' }, // [S] required
      }),
    },
    reference_images: { type: 'array', items: DATA_URI }, // [S]
    disable_safety_checker: { type: 'boolean' }, // [S]
  }),
};
