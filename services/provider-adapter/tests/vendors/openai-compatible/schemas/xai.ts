import { closedObject, DATA_URI, type DialectSchemas } from './schema.ts';

// [S] xAI's proto image.proto, [D] docs.x.ai, [T] @ai-sdk/xai 5.0.12; all read 2026-11-28.
const COMMON = {
  model: { type: 'string', enum: ['grok-imagine-image', 'grok-imagine-image-2.0'] }, // [D] retirement notes, 2026-09
  prompt: { type: 'string', minLength: 1 }, // [S] GenerateImageRequest.prompt
  n: { type: 'integer', minimum: 1, maximum: 10 }, // [S] GenerateImageRequest.n: [1, 10]
  user: { type: 'string' }, // [S] GenerateImageRequest.user
  response_format: { enum: ['url', 'b64_json'] }, // [D] image generation; [S] ImageFormat
  aspect_ratio: {
    // [S] ImageAspectRatio; 21:9 and 5:2 [D] release notes of August 2026
    enum: [
      ...[
        '1:1',
        '3:4',
        '4:3',
        '9:16',
        '16:9',
        '2:3',
        '3:2',
        '9:19.5',
        '19.5:9',
        '9:20',
        '20:9',
        '1:2',
        '2:1',
      ],
      ...['21:9', '5:2', 'auto'],
    ],
  },
  resolution: { enum: ['1k', '1.5k', '2k'] }, // [S] ImageResolution (1K, 2K); 1.5k [3] price lists, 2026-10
  quality: { enum: ['auto', 'low', 'medium'] }, // [D] release notes of August 2026; high is a name without a model
} as const;

/** An image of an edit. [D] image editing: JSON and no form; [T] `image: { url, type: 'image_url' }`. */
const IMAGE = closedObject(['type', 'url'], { type: { const: 'image_url' }, url: DATA_URI });

const edit = closedObject(['model', 'prompt'], {
  ...COMMON,
  image: IMAGE, // [T] one image
  images: { type: 'array', minItems: 1, maxItems: 5, items: IMAGE }, // [D] multi-image editing: up to five
});

export const xai: DialectSchemas = {
  '/images/generations': closedObject(['model', 'prompt'], COMMON),
  '/images/edits': { ...edit, oneOf: [{ required: ['image'] }, { required: ['images'] }] },
};
