/**
 * What the bodies of Stability's models on Bedrock may hold, transcribed from AWS's Bedrock user guide ([D], read on 28
 * November 2026): "Stable Image Core request and response", "Stable Image Ultra request and response", "Stability.ai Stable
 * Diffusion 3.5 Large" and "Stability AI Image Services". Written from the guide alone, and closed.
 */

const prompt = { type: 'string', maxLength: 10_000 }; // [D] all four pages: at most 10,000 characters
const text = { type: 'string', maxLength: 10_000 }; // [D] negative_prompt on all pages: the same bound
const base64 = { type: 'string', pattern: '^[A-Za-z0-9+/]+=*$' }; // [D] "The Base64 image": bare, no data URI
const fraction = { type: 'number', minimum: 0, maximum: 1 };
const ratio = { enum: ['16:9', '1:1', '21:9', '2:3', '3:2', '4:5', '5:4', '9:16', '9:21'] }; // [D] all pages
const jpegOrPng = { enum: ['jpeg', 'png'] }; // [D] core, ultra: "Supported formats: JPEG, PNG"
const anyFormat = { enum: ['jpeg', 'png', 'webp'] }; // [D] 3.5 Large and the services
const seed32 = { type: 'integer', minimum: 0, maximum: 4_294_967_295 }; // [D] core, ultra
const seed = { type: 'integer', minimum: 0, maximum: 4_294_967_294 }; // [D] 3.5 Large and the services
// [D] services: seventeen names
const preset = {
  enum: [
    '3d-model',
    'analog-film',
    'anime',
    'cinematic',
    'comic-book',
    'digital-art',
    'enhance',
    'fantasy-art',
    'isometric',
    'line-art',
    'low-poly',
    'modeling-compound',
    'neon-punk',
    'origami',
    'photographic',
    'pixel-art',
    'tile-texture',
  ],
};

function body(properties: object, required: readonly string[], more: object = {}): object {
  return { type: 'object', additionalProperties: false, properties, required, ...more };
}

/** [D] ultra, 3.5 Large: aspect_ratio "is only valid for text-to-image requests". */
const noRatioWithImage = { not: { required: ['image', 'aspect_ratio'] } };

const ultra = {
  prompt,
  aspect_ratio: ratio,
  mode: { const: 'text-to-image' }, // [D] ultra, text to image: the only value
  image: base64, // [D] ultra, image to image
  strength: fraction, // [D] ultra, image to image; 0.35 by default
  output_format: jpegOrPng,
  seed: seed32,
  negative_prompt: text,
};

const service = { prompt, image: base64, negative_prompt: text, seed, output_format: anyFormat };
const growMask = { type: 'integer', minimum: 0, maximum: 20 }; // [D] inpaint: 0 to 20
const creativity = { type: 'number', minimum: 0.1, maximum: 0.5 }; // [D] both upscales: 0.1 to 0.5

/** Schemas by the model's id without the prefix of its inference profile and without its version. */
export const SCHEMAS: Readonly<Record<string, object>> = {
  'stability.stable-image-core': body(
    { prompt, aspect_ratio: ratio, output_format: jpegOrPng, seed: seed32, negative_prompt: text },
    ['prompt'],
  ),
  'stability.stable-image-ultra': body(ultra, ['prompt'], noRatioWithImage),
  'stability.sd3-5-large': body(
    {
      prompt,
      aspect_ratio: ratio,
      mode: { enum: ['text-to-image', 'image-to-image'] },
      image: base64,
      strength: fraction,
      seed,
      negative_prompt: text,
      // [D] this page lists webp too, those of the other two models do not: the narrower of both.
      output_format: jpegOrPng,
    },
    ['prompt'],
    {
      ...noRatioWithImage,
      // [D] "image-to-image requires the prompt, image, and strength parameters", and both are for it alone.
      dependentRequired: { image: ['strength', 'mode'], strength: ['image', 'mode'] },
      if: { required: ['image'] },
      // biome-ignore lint/suspicious/noThenProperty: a word of JSON Schema
      then: { properties: { mode: { const: 'image-to-image' } } },
      else: { properties: { mode: { const: 'text-to-image' } } },
    },
  ),
  'stability.stable-image-inpaint': body(
    { ...service, mask: base64, style_preset: preset, grow_mask: growMask },
    ['prompt', 'image'],
  ),
  'stability.stable-image-remove-background': body({ image: base64, output_format: anyFormat }, ['image']),
  'stability.stable-conservative-upscale': body({ ...service, creativity }, ['prompt', 'image']),
  'stability.stable-creative-upscale': body({ ...service, creativity, style_preset: preset }, [
    'prompt',
    'image',
  ]),
  'stability.stable-fast-upscale': body({ image: base64, output_format: anyFormat }, [
    'image',
    'output_format', // [D] listed among the required ones
  ]),
  'stability.stable-image-control-structure': body(
    { ...service, control_strength: fraction, style_preset: preset },
    ['prompt', 'image'],
  ),
  'stability.stable-image-control-sketch': body(
    { ...service, control_strength: fraction, style_preset: preset },
    ['prompt', 'image'],
  ),
  'stability.stable-image-style-guide': body(
    { ...service, aspect_ratio: ratio, fidelity: fraction, style_preset: preset },
    ['prompt', 'image'],
  ),
};
