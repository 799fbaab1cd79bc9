import { type Fields, imageOfDataUri, list, number, object, only, text } from './checks.ts';
import { type Asked, Objection } from './wire.ts';

const TEXT = { type: 'string' };
const URI = { type: 'string', format: 'uri' };
const NUMBER = { type: 'number' };

/** What models of different makers take, in the shapes that their own schemas on Replicate have. */
const INPUTS = {
  many: {
    prompt: TEXT,
    system_prompt: TEXT,
    image_input: { type: 'array', items: URI },
    temperature: NUMBER,
    max_completion_tokens: { type: 'integer' },
  },
  one: { image: URI, prompt: TEXT, temperature: NUMBER, max_tokens: { type: 'integer' } },
};

function inputOf(model: string): Fields {
  return /llava/.test(model) ? INPUTS.one : INPUTS.many;
}

/** Schema of what a model takes: one image where it is a LLaVA, a list of images else. */
export function inputSchema(model: string): Fields {
  return { type: 'object', title: 'Input', required: ['prompt'], properties: inputOf(model) };
}

/** Reads a request for a prediction, and refuses what Replicate would. `files` are those that were uploaded, by address. */
export async function readInput(
  model: string,
  body: Fields,
  files: ReadonlyMap<string, unknown>,
): Promise<Asked> {
  only(body, ['input', 'version', 'stream', 'webhook', 'webhook_events_filter'], 'body');
  const input = object(body.input, 'input');
  only(input, Object.keys(inputOf(model)), 'input');
  const prompt = text(input.prompt, 'input.prompt');
  const uris = input.image_input === undefined ? [] : list(input.image_input, 'input.image_input');
  const all = input.image === undefined ? uris : [input.image];
  const images = await Promise.all(
    all.map((uri, index) => imageOfDataUri(files.get(String(uri)) ?? uri, `input.image_input[${index}]`)),
  ).catch((error: unknown) => {
    throw error instanceof Objection ? new Objection(error.message, 422) : error;
  });
  return {
    model,
    system: String(input.system_prompt ?? ''),
    texts: [prompt],
    images,
    order: ['text' as const, ...images.map(() => 'image' as const)],
    schema: undefined,
    temperature: number(input.temperature, 'input.temperature', 0, 2),
    maxOutputTokens:
      number(input.max_completion_tokens, 'input.max_completion_tokens', 1, 65_536) ??
      number(input.max_tokens, 'input.max_tokens', 1, 65_536),
    logProbabilities: false,
  };
}
