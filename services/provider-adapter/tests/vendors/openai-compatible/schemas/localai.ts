import { BASE64, closedObject, type DialectSchemas, FILE, SIZE } from './schema.ts';

// [T] LocalAI's handlers image.go and inpainting.go, read 2026-11-28.
export const localai: DialectSchemas = {
  '/images/generations': closedObject(['model', 'prompt'], {
    model: { type: 'string', minLength: 1 }, // [T] empty is refused
    // [T] split at "|": what stands before it is painted, what stands after it avoided, and a third part is lost.
    prompt: { type: 'string', pattern: '^[^|]*(\\|[^|]*)?$' },
    n: { type: 'integer', minimum: 1 }, // [T] input.N
    size: SIZE, // [T] without an x it becomes 512x512 silently
    step: { type: 'integer', minimum: 1 }, // [T] input.Step, 15 where it is 0
    file: BASE64, // [T] base64.StdEncoding, or an address; a data URI is neither
    ref_images: { type: 'array', items: BASE64 }, // [T] input.RefImages
    response_format: { const: 'b64_json' }, // [T] anything else gives an address
  }),
  '/images/inpainting': closedObject(['model', 'prompt', 'image', 'mask'], {
    model: { type: 'string', minLength: 1 }, // [T] FormValue("model")
    prompt: { type: 'string', minLength: 1 }, // [T] FormValue("prompt"): not split here
    steps: { type: 'integer', minimum: 1 }, // [T] FormValue("steps"): with an s here
    image: FILE, // [T] FormFile("image")
    mask: FILE, // [T] FormFile("mask"), white = area to inpaint
  }),
};
