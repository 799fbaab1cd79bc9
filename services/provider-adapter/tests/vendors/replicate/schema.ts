/**
 * Inputs of models that came after the specification at hand, transcribed from the tables of their pages at Replicate and
 * from the types that a third party generates from their schemas. [D] is the page, [T] the types; both were read on
 * 28 November 2026. No field that neither has is allowed.
 */
type Schema = Readonly<Record<string, unknown>>;

const text: Schema = { type: 'string' };
const uri: Schema = { type: 'string', minLength: 1 };
const flag: Schema = { type: 'boolean' };
const whole = (minimum?: number, maximum?: number): Schema => ({
  type: 'integer',
  ...(minimum !== undefined && { minimum }),
  ...(maximum !== undefined && { maximum }),
});
const oneOf = (...values: readonly string[]): Schema => ({ enum: values });
const input = (properties: Readonly<Record<string, Schema>>): Schema => ({
  type: 'object',
  additionalProperties: false,
  required: ['prompt'],
  properties,
});

/** [D] flux-kontext-pro 0a138193; the list of ratios [T]. */
const kontext = input({
  prompt: text,
  input_image: uri,
  aspect_ratio: oneOf(
    'match_input_image',
    ...['1:1', '16:9', '9:16', '4:3', '3:4', '3:2', '2:3', '4:5', '5:4', '21:9', '9:21', '2:1', '1:2'],
  ),
  prompt_upsampling: flag,
  seed: whole(),
  output_format: oneOf('jpg', 'png'),
  safety_tolerance: whole(0, 6),
});

/** [D] ideogram-v3-quality 03944eb9 and ideogram-v3-balanced e78d8251; the presets, of which none is sent, [T]. */
const ideogram3 = input({
  prompt: text,
  aspect_ratio: oneOf(
    ...['1:3', '3:1', '1:2', '2:1', '9:16', '16:9', '10:16', '16:10', '2:3', '3:2', '3:4', '4:3', '4:5'],
    ...['5:4', '1:1'],
  ),
  magic_prompt_option: oneOf('Auto', 'On', 'Off'),
  image: uri,
  mask: uri,
  style_type: oneOf('None', 'Auto', 'General', 'Realistic', 'Design'),
  style_reference_images: { type: 'array', items: uri },
  seed: whole(undefined, 2_147_483_647),
});

const FLUX2_RATIOS = ['match_input_image', 'custom', '1:1', '16:9', '3:2', '2:3', '4:5', '5:4', '9:16'];

/** By the native model. */
export const PAGE_SCHEMAS: Readonly<Record<string, Schema>> = {
  // [T]; the strength's range and the tolerance's by the page of its fine-tuned sibling, 1ab8454c [D].
  'black-forest-labs/flux-1.1-pro-ultra': input({
    prompt: text,
    image_prompt: uri,
    image_prompt_strength: { type: 'number', minimum: 0, maximum: 1 },
    aspect_ratio: oneOf(...['21:9', '16:9', '3:2', '4:3', '5:4', '1:1', '4:5', '3:4', '2:3', '9:16', '9:21']),
    safety_tolerance: whole(1, 6),
    seed: whole(),
    raw: flag,
    output_format: oneOf('jpg', 'png'),
  }),
  'black-forest-labs/flux-kontext-pro': kontext,
  // The same as the pro [I].
  'black-forest-labs/flux-kontext-max': kontext,
  // [D] 285631b5; resolutions and ratios [T]. A later version, 00b07c32, takes sides in steps of 16 as well.
  'black-forest-labs/flux-2-pro': input({
    prompt: text,
    input_images: { type: 'array', items: uri, maxItems: 8 },
    aspect_ratio: oneOf(...FLUX2_RATIOS, '3:4', '4:3'),
    resolution: oneOf('match_input_image', '0.5 MP', '1 MP', '2 MP', '4 MP'),
    width: { ...whole(256, 2_048), multipleOf: 32 },
    height: { ...whole(256, 2_048), multipleOf: 32 },
    safety_tolerance: whole(1, 5),
    seed: whole(),
    output_format: oneOf('webp', 'jpg', 'png'),
    output_quality: whole(0, 100),
  }),
  // [D] 7bba46bd; ratios [T].
  'black-forest-labs/flux-2-dev': input({
    prompt: text,
    input_images: { type: 'array', items: uri, maxItems: 4 },
    go_fast: flag,
    aspect_ratio: oneOf(...FLUX2_RATIOS, '3:4', '4:3'),
    width: { ...whole(256, 1_440), multipleOf: 32 },
    height: { ...whole(256, 1_440), multipleOf: 32 },
    seed: whole(),
    output_format: oneOf('webp', 'jpg', 'png'),
    output_quality: whole(0, 100),
    disable_safety_checker: flag,
  }),
  'ideogram-ai/ideogram-v3-turbo': ideogram3,
  'ideogram-ai/ideogram-v3-balanced': ideogram3,
  'ideogram-ai/ideogram-v3-quality': ideogram3,
  // [D] cf7d4319; sizes and ratios [T].
  'bytedance/seedream-4': input({
    prompt: text,
    image_input: { type: 'array', items: uri, maxItems: 10 },
    size: oneOf('1K', '2K', '4K', 'custom'),
    aspect_ratio: oneOf(...['match_input_image', '1:1', '4:3', '3:4', '16:9', '9:16', '3:2', '2:3', '21:9']),
    width: whole(1_024, 4_096),
    height: whole(1_024, 4_096),
    sequential_image_generation: oneOf('disabled', 'auto'),
    max_images: whole(1, 15),
    enhance_prompt: flag,
  }),
};
