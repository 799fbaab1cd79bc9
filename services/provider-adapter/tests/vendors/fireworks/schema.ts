/*
 * What Fireworks takes, transcribed from two texts and from nothing of ours:
 *   [D] its documentation, docs.fireworks.ai/api-reference, the pages "Generate an image with FLUX.1 [schnell] FP8" and
 *       "Generate or edit an image with FLUX.1 Kontext", as of November 2026;
 *   [T] the source of @ai-sdk/fireworks 3.0.62, fireworks-image-model.ts and fireworks-image-model-options.ts.
 * Closed: a field that is not here is a fault.
 */

const RATIOS = ['1:1', '21:9', '16:9', '3:2', '5:4', '4:5', '2:3', '9:16', '9:21', '4:3', '3:4'];

const body = (properties: object) => ({
  type: 'object',
  additionalProperties: false,
  required: ['prompt'], // [D] required
  properties,
});

const TEXT_TO_IMAGE = body({
  prompt: { type: 'string' }, // [D] prompt
  aspect_ratio: { enum: RATIOS }, // [D] aspect_ratio: "Options"
  guidance_scale: { type: 'number', minimum: 0 }, // [D] [T] guidance_scale: a float
  num_inference_steps: { type: 'integer', minimum: 1 }, // [D] [T] num_inference_steps: an integer
  seed: { type: 'integer', minimum: 1 }, // [D] seed: "If 0, we will use a totally random seed", which nobody asks for
});

const KONTEXT = {
  ...body({
    prompt: { type: 'string' }, // [D] prompt
    // [D] input_image: base64 or an address; [T] a data URI
    input_image: { type: 'string', pattern: '^data:image/(png|jpeg|webp);base64,[A-Za-z0-9+/]+=*$' },
    seed: { type: 'integer' }, // [D] seed
    aspect_ratio: { type: 'string', pattern: '^[1-9][0-9]?:[1-9][0-9]?$' }, // [D] "between 21:9 and 9:21"
    output_format: { enum: ['jpeg', 'png'] }, // [D] [T] output_format
    prompt_upsampling: { type: 'boolean' }, // [D] [T] prompt_upsampling
    safety_tolerance: { type: 'integer', minimum: 0, maximum: 6 }, // [D] [T] safety_tolerance
  }),
  // [D] safety_tolerance: "Limit of 2 for Image to Image"
  anyOf: [{ not: { required: ['input_image'] } }, { properties: { safety_tolerance: { maximum: 2 } } }],
};

/** Request bodies by path, with what the header `accept` may say there. */
export const FIREWORKS_SCHEMAS: Readonly<
  Record<string, { readonly schema: object; readonly accept: RegExp }>
> = {
  // [D] Accept: "With image/png and image/jpeg, the server will populate the response body with a binary image"
  'flux-1-schnell-fp8/text_to_image': { schema: TEXT_TO_IMAGE, accept: /^image\/(png|jpeg)$/ },
  'flux-1-dev-fp8/text_to_image': { schema: TEXT_TO_IMAGE, accept: /^image\/(png|jpeg)$/ },
  'flux-kontext-pro': { schema: KONTEXT, accept: /^application\/json$/ },
  'flux-kontext-max': { schema: KONTEXT, accept: /^application\/json$/ },
};
