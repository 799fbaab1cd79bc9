/*
 * What Ideogram takes, transcribed from three of its own texts and from nothing of ours:
 *   [S] its specification of 16 June 2026, as the openapi.json of tryAGI/Ideogram has it, for /v1/ideogram-v3;
 *   [D7] its documentation of July 2026, developer.ideogram.ai/api-reference, for /v1/ideogram-v4 and /v1/remove-background;
 *   [D10] the same of October 2026, for /v2, which adds sizes to what the specification has.
 * Forms, with numbers as such and files as `<media type>`. Closed: a field that is not here is a fault.
 */

const list = (text: string) => text.trim().split(/\s+/);

/** [S] ResolutionV3, all 69 */
const RESOLUTIONS_3 = list(`
  512x1536 576x1408 576x1472 576x1536 640x1344 640x1408 640x1472 640x1536 704x1152 704x1216 704x1280
  704x1344 704x1408 704x1472 736x1312 768x1088 768x1216 768x1280 768x1344 800x1280 832x960 832x1024
  832x1088 832x1152 832x1216 832x1248 864x1152 896x960 896x1024 896x1088 896x1120 896x1152 960x832 960x896
  960x1024 960x1088 1024x832 1024x896 1024x960 1024x1024 1088x768 1088x832 1088x896 1088x960 1120x896
  1152x704 1152x832 1152x864 1152x896 1216x704 1216x768 1216x832 1248x832 1280x704 1280x768 1280x800
  1312x736 1344x640 1344x704 1344x768 1408x576 1408x640 1408x704 1472x576 1472x640 1472x704 1536x512
  1536x576 1536x640
`);

/** [D7] ResolutionV4, the sizes of two thousand pixels */
const RESOLUTIONS_4 = list(`
  2048x2048 1440x2880 2880x1440 1664x2496 2496x1664 1792x2240 2240x1792 1440x2560 2560x1440 1600x2560 2560x1600
  1728x2304 2304x1728 1296x3168 3168x1296 1152x2944 2944x1152 1248x3328 3328x1248 1280x3072 3072x1280 1024x3072
  3072x1024
`);

/** [3] the presets that the documentation speaks of, by a client of October 2026: those of version 4 and these */
const SIZES_45 = [
  ...RESOLUTIONS_4,
  ...list('1024x1024 896x1120 1120x896 864x1152 1152x864 832x1248 1248x832 800x1280 1280x800'),
  ...list('720x1280 1280x720 720x1440 1440x720'),
];

/** [S] AspectRatioV3 */
const RATIOS = list('1x3 3x1 1x2 2x1 9x16 16x9 10x16 16x10 2x3 3x2 3x4 4x3 4x5 5x4 1x1');

/** [S] StylePresetV3, all 62 */
const PRESETS = list(`
  80S_ILLUSTRATION 90S_NOSTALGIA ABSTRACT_ORGANIC ANALOG_NOSTALGIA ART_BRUT ART_DECO ART_POSTER AURA
  AVANT_GARDE BAUHAUS BLUEPRINT BLURRY_MOTION BRIGHT_ART C4D_CARTOON CHILDRENS_BOOK COLLAGE
  COLORING_BOOK_I COLORING_BOOK_II CUBISM DARK_AURA DOODLE DOUBLE_EXPOSURE DRAMATIC_CINEMA EDITORIAL
  EMOTIONAL_MINIMAL ETHEREAL_PARTY EXPIRED_FILM FLAT_ART FLAT_VECTOR FOREST_REVERIE GEO_MINIMALIST
  GLASS_PRISM GOLDEN_HOUR GRAFFITI_I GRAFFITI_II HALFTONE_PRINT HIGH_CONTRAST HIPPIE_ERA ICONIC
  JAPANDI_FUSION JAZZY LONG_EXPOSURE MAGAZINE_EDITORIAL MINIMAL_ILLUSTRATION MIXED_MEDIA MONOCHROME
  NIGHTLIFE OIL_PAINTING OLD_CARTOONS PAINT_GESTURE POP_ART RETRO_ETCHING RIVIERA_POP SPOTLIGHT_80S
  STYLIZED_RED SURREAL_COLLAGE TRAVEL_POSTER VINTAGE_GEO VINTAGE_POSTER WATERCOLOR WEIRD WOODBLOCK_PRINT
`);

const file = { type: 'string', pattern: '^<image/(jpeg|png|webp)>$' };
const text = { type: 'string', minLength: 1 };
const files = (most: number) => ({
  anyOf: [file, { type: 'array', items: file, minItems: 2, maxItems: most }],
});

const PROMPT = { prompt: text }; // [S] prompt
const SEED = { seed: { type: 'integer', minimum: 0, maximum: 2147483647 } }; // [S] Seed
const COUNT = { num_images: { type: 'integer', minimum: 1, maximum: 8 } }; // [S] NumImages
const SPEED = { rendering_speed: { enum: ['FLASH', 'TURBO', 'BALANCED', 'DEFAULT', 'QUALITY'] } }; // [S] RenderingSpeed
const MAGIC = { magic_prompt: { enum: ['AUTO', 'ON', 'OFF'] } }; // [S] MagicPromptOption
const NEGATIVE = { negative_prompt: text }; // [S] negative_prompt
const RATIO = { aspect_ratio: { enum: RATIOS } }; // [S] aspect_ratio
const RESOLUTION = { resolution: { enum: RESOLUTIONS_3 } }; // [S] resolution
const PRESET = { style_preset: { enum: PRESETS } }; // [S] style_preset
const IMAGE = { image: file }; // [S] image: JPEG, WebP or PNG
const MASK = { mask: file }; // [S] mask
const STYLE_IMAGES = { style_reference_images: files(8) }; // [S] style_reference_images; how many is not said
const CHARACTER = { character_reference_images: file }; // [S] "currently only supports 1 character reference image"
const CUSTOM = { custom_model_uri: { type: 'string', pattern: '^model/[^/]+/version/[^/]+$' } }; // [S] custom_model_uri
const STYLE = {
  style_type: { enum: ['AUTO', 'GENERAL', 'REALISTIC', 'DESIGN', 'CUSTOM', 'FICTION', 'STYLIZED'] }, // [S] StyleTypeV3
};

/** [S] aspect_ratio: "Cannot be used in conjunction with resolution" */
const ONE_SHAPE = { not: { required: ['aspect_ratio', 'resolution'] } };

const form = (required: readonly string[], properties: object, more: object = {}) => ({
  type: 'object',
  additionalProperties: false,
  required,
  properties,
  ...more,
});

/** [S] GenerateImageRequestV3 */
const GENERATE_3 = {
  ...PROMPT,
  ...SEED,
  ...RESOLUTION,
  ...RATIO,
  ...SPEED,
  ...MAGIC,
  ...NEGATIVE,
  ...COUNT,
  ...STYLE,
  ...PRESET,
  ...CUSTOM,
  ...STYLE_IMAGES,
  ...CHARACTER,
};

/** [D7] Generate with Ideogram 4.0: "rendering_speed=FLASH ... currently return a 400" */
const GENERATE_4 = {
  text_prompt: text, // [D7] text_prompt
  resolution: { enum: RESOLUTIONS_4 }, // [D7] resolution
  rendering_speed: { enum: ['TURBO', 'DEFAULT', 'QUALITY'] }, // [D7] rendering_speed
};

const WEIGHT = { image_weight: { type: 'integer', minimum: 1, maximum: 100 } }; // [S] [D7] image_weight
const PROMPT_45 = { prompt: { type: 'string', minLength: 1, maxLength: 10_000 } }; // [D10] 1 to 10,000 characters

/** Forms by path. */
export const IDEOGRAM_SCHEMAS: Readonly<Record<string, object>> = {
  '/v1/ideogram-v3/generate': form(['prompt'], GENERATE_3, ONE_SHAPE),
  // [S] RemixImageRequestV3
  '/v1/ideogram-v3/remix': form(['image', 'prompt'], { ...GENERATE_3, ...IMAGE, ...WEIGHT }, ONE_SHAPE),
  // [S] EditImageRequestV3
  '/v1/ideogram-v3/inpaint': form(['image', 'mask', 'prompt'], {
    ...IMAGE,
    ...MASK,
    ...PROMPT,
    ...MAGIC,
    ...COUNT,
    ...SEED,
    ...SPEED,
    ...STYLE,
    ...PRESET,
    ...CUSTOM,
    ...STYLE_IMAGES,
    ...CHARACTER,
  }),
  // [S] GenerateTransparentImageRequestV3; [D7] without FLASH
  '/v1/ideogram-v3/generate-transparent': form(['prompt'], {
    ...PROMPT,
    ...SEED,
    ...RATIO,
    ...MAGIC,
    ...NEGATIVE,
    ...COUNT,
    ...CUSTOM,
    rendering_speed: { enum: ['TURBO', 'DEFAULT', 'QUALITY'] },
  }),
  // [S] ReframeImageRequestV3
  '/v1/ideogram-v3/reframe': form(['image', 'resolution'], {
    ...IMAGE,
    ...RESOLUTION,
    ...COUNT,
    ...SEED,
    ...SPEED,
    ...PRESET,
    ...STYLE_IMAGES,
  }),
  // [S] ReplaceBackgroundRequestV3
  '/v1/ideogram-v3/replace-background': form(['image', 'prompt'], {
    ...IMAGE,
    ...PROMPT,
    ...MAGIC,
    ...COUNT,
    ...SEED,
    ...SPEED,
    ...PRESET,
    ...STYLE_IMAGES,
  }),
  // [D7] "A single image in"
  '/v1/remove-background': form(['image'], IMAGE),
  '/v1/ideogram-v4/generate': form(['text_prompt'], GENERATE_4),
  '/v1/ideogram-v4/remix': form(['image', 'text_prompt'], { ...GENERATE_4, ...IMAGE, ...WEIGHT }),
  // [D10] Generate with Ideogram 4.5, without source images
  '/v2/image/generate/ideogram-4-5': form(['prompt'], {
    ...PROMPT_45,
    magic_prompt: { enum: ['auto', 'on', 'off'] }, // [D10] magic_prompt
    size: { enum: SIZES_45 }, // [D10] size: "one of the supported 1K/2K presets"
    quality: { enum: ['low', 'medium', 'high'] }, // [D10] quality: very_low "requires source images"
    ...SEED, // [D10] seed
    ...COUNT, // [D10] num_images
  }),
  // [D10] Precise edit with Ideogram 4.5
  '/v2/image/precise-edit/ideogram-4-5': form(
    ['image', 'prompt'],
    {
      ...PROMPT_45,
      ...IMAGE, // [D10] image
      ...MASK, // [D10] mask
      reference_images: files(4), // [D10] reference_images: at most 4
      quality: { enum: ['very_low', 'low', 'medium', 'high'] }, // [D10] quality
      ...SEED, // [D10] seed
      ...COUNT, // [D10] num_images
    },
    // [D10] "A masked request can include at most three reference_images"
    { anyOf: [{ not: { required: ['mask'] } }, { properties: { reference_images: files(3) } }] },
  ),
};
