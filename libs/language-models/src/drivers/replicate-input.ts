import type { ModelRequest } from '../language-model.ts';
import { VendorError } from './driver.ts';
import { schemaInWords } from './words.ts';

/** A property of a model's input, as the model's own schema on Replicate says. */
interface Property {
  readonly type?: string;
  readonly format?: string;
  readonly items?: { readonly type?: string; readonly format?: string };
}

/** What a model takes, by name. */
export type InputSchema = Readonly<Record<string, Property>>;

/** Names that models of different makers have for the same. */
const NAMES = {
  prompt: ['prompt', 'text', 'question', 'query'],
  system: ['system_prompt', 'system_instruction', 'system'],
  images: ['image_input', 'images', 'input_images', 'image_urls'],
  image: ['image', 'media', 'input_image', 'img'],
  maxOutputTokens: ['max_completion_tokens', 'max_output_tokens', 'max_tokens', 'max_new_tokens'],
  temperature: ['temperature'],
} as const;

/** What of a request is told apart from its words. */
export interface InputParts {
  /** Addresses of the images, in order. */
  readonly images: readonly string[];
  readonly temperature: number | undefined;
  readonly maxOutputTokens: number;
}

/**
 * Builds a model's input from what its schema takes. Words and images go apart there, so that the words say where each image
 * stands; instructions stand before them where the model takes no others. Throws a `VendorError` for what the model cannot be
 * asked.
 */
export function inputFor(
  schema: InputSchema,
  request: ModelRequest,
  parts: InputParts,
): Record<string, unknown> {
  const named = (what: keyof typeof NAMES) => NAMES[what].find((name) => schema[name] !== undefined);
  const prompt = named('prompt');
  if (prompt === undefined) throw new VendorError('invalid_request', 'the model takes no prompt');
  const system = named('system');
  const instructions = `${request.system}\n\n${schemaInWords(request.schema)}`;
  const input: Record<string, unknown> = {
    [prompt]: system === undefined ? `${instructions}\n\n${wordsOf(request)}` : wordsOf(request),
    ...(system !== undefined && { [system]: instructions }),
    ...imagesInput(schema, parts.images),
  };
  const longest = named('maxOutputTokens');
  if (longest !== undefined) input[longest] = parts.maxOutputTokens;
  const temperature = named('temperature');
  if (temperature !== undefined && parts.temperature !== undefined) input[temperature] = parts.temperature;
  return input;
}

function imagesInput(schema: InputSchema, images: readonly string[]): Record<string, unknown> {
  if (images.length === 0) return {};
  const list =
    NAMES.images.find((name) => schema[name]?.type === 'array') ??
    Object.keys(schema).find((name) => schema[name]?.items?.format === 'uri');
  if (list !== undefined) return { [list]: images };
  const single =
    NAMES.image.find((name) => schema[name] !== undefined) ??
    Object.keys(schema).find((name) => schema[name]?.format === 'uri');
  if (single === undefined) throw new VendorError('invalid_request', 'the model takes no images');
  if (images.length > 1) throw new VendorError('invalid_request', 'the model takes one image at a time');
  return { [single]: images[0] };
}

function wordsOf({ parts }: ModelRequest): string {
  let images = 0;
  return parts
    .map((part) => {
      if (part.kind === 'text') return part.text;
      images += 1;
      return `[image ${images}]`;
    })
    .join('\n\n');
}
