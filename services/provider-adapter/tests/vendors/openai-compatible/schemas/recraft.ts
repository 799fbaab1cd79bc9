import { closedObject, type DialectSchemas, FILE } from './schema.ts';

// [S] Recraft's OpenAPI document as of 2026-08-22, [D] recraft.ai/docs/api-reference; read 2026-11-28.
const STYLES = [
  'any',
  'digital_illustration',
  'icon',
  'realistic_image',
  'vector_illustration',
  'logo_raster',
];

/** GenerateImageRequestBase and TransformImageRequestBase, which but for `size` are the same. */
const COMMON = {
  prompt: { type: 'string', minLength: 1, maxLength: 10_000 }, // [S]; length of V4 [D] appendix
  n: { type: 'integer', minimum: 1, maximum: 6 }, // [S]; 1 to 6 [D] endpoints
  random_seed: { type: 'integer', minimum: 0, maximum: 4_294_967_295 }, // [S] uint32
  response_format: { enum: ['url', 'b64_json'] }, // [S] ResponseFormat
  image_format: { enum: ['webp', 'png'] }, // [S] ImageFormat
  block_nsfw: { type: 'boolean' }, // [S]
} as const;

/** V4 and V4.1 ignore negative prompts: [3] docs.comfy.org, 2026. That they have no named styles either is [I]. */
const LATER = { ...COMMON, model: { enum: ['recraftv4_1', 'recraftv4_1_pro'] } } as const; // [S] TransformModel

const V3 = {
  ...COMMON,
  prompt: { type: 'string', minLength: 1, maxLength: 1_000 }, // [D] appendix
  model: { const: 'recraftv3' }, // [S] TransformModel
  style: { enum: STYLES }, // [S] ImageStyle
  negative_prompt: { type: 'string' }, // [S]
} as const;

/** Sizes of V4, by pixels or by ratio: [D] appendix. Those of the others: [S] ImageSize, shared out by [3] docs.prodia.com, 2026. */
const SIZES_V4 = [
  ...[
    '1024x1024',
    '1536x768',
    '768x1536',
    '1280x832',
    '832x1280',
    '1216x896',
    '896x1216',
    '1152x896',
    '896x1152',
  ],
  ...['832x1344', '1280x896', '896x1280', '1344x768', '768x1344'],
];
const SIZES_V4_PRO = [
  ...['2048x2048', '3072x1536', '1536x3072', '2560x1664', '1664x2560', '2432x1792', '1792x2432', '2304x1792'],
  ...['1792x2304', '1664x2688', '2560x1792', '1792x2560', '2688x1536', '1536x2688'],
];
const SIZES_V3 = [
  ...['1024x1024', '1365x1024', '1024x1365', '1536x1024', '1024x1536', '1820x1024', '1024x1820', '1024x2048'],
  ...['2048x1024', '1434x1024', '1024x1434', '1024x1280', '1280x1024', '1024x1707', '1707x1024'],
];
const RATIOS = [
  ...[
    '1:1',
    '2:1',
    '1:2',
    '3:2',
    '2:3',
    '4:3',
    '3:4',
    '5:4',
    '4:5',
    '6:10',
    '14:10',
    '10:14',
    '16:9',
    '9:16',
  ],
]; // [S] ImageSize

const sized = (base: Readonly<Record<string, object>>, sizes: readonly string[]) =>
  closedObject(['prompt', 'model'], { ...base, size: { enum: [...sizes, ...RATIOS] } });

const transformed = (required: readonly string[], more: Readonly<Record<string, object>>) => ({
  anyOf: [LATER, V3].map((base) =>
    closedObject(['prompt', 'model', 'image', ...required], { ...base, image: FILE, ...more }),
  ),
});

export const recraft: DialectSchemas = {
  '/images/generations': {
    anyOf: [
      sized({ ...LATER, model: { const: 'recraftv4_1' } }, SIZES_V4),
      sized({ ...LATER, model: { const: 'recraftv4_1_pro' } }, SIZES_V4_PRO),
      sized(V3, SIZES_V3),
    ],
  },
  // [S] ImageToImageRequest: a form with image and strength, both needed; 0 to 1 [D]: 0 is nearly the same picture.
  '/images/imageToImage': transformed(['strength'], { strength: { type: 'number', minimum: 0, maximum: 1 } }),
  // [S] TransformImageWithMaskRequest: a form with image and mask.
  '/images/inpaint': transformed(['mask'], { mask: FILE }),
  // [S] ProcessImageRequest: a form with the image alone.
  '/images/removeBackground': closedObject(['image'], {
    image: FILE,
    response_format: COMMON.response_format,
    image_format: COMMON.image_format,
  }),
};
