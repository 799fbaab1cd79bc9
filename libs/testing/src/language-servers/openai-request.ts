import { type Fields, imageOfDataUri, list, number, object, only, strictSchema, text } from './checks.ts';
import type { SeenImage } from './script.ts';
import { type Asked, Objection } from './wire.ts';

/** Fields of a request for a chat completion. */
const KNOWN =
  'model messages frequency_penalty presence_penalty logit_bias logprobs top_logprobs max_tokens max_completion_tokens modalities n parallel_tool_calls prompt_cache_key reasoning_effort response_format safety_identifier seed service_tier stop store stream stream_options temperature top_p tools tool_choice user verbosity'.split(
    ' ',
  );

/** Models that think before they answer take no temperature, and tell no log-probabilities. */
const THINKS = /^(o\d|gpt-5)/;

/** Reads a request for a chat completion, and refuses what OpenAI would. */
export async function readChat(json: unknown): Promise<{ asked: Asked; topLogProbabilities: number }> {
  const body = object(json, 'body');
  only(body, KNOWN, 'body');
  const model = text(body.model, 'model');
  const topLogProbabilities = sampling(body, model);
  const messages = list(body.messages, 'messages').map((message, index) =>
    object(message, `messages.${index}`),
  );
  const seen = { texts: [] as string[], images: [] as SeenImage[], order: [] as ('text' | 'image')[] };
  let system = '';
  for (const [index, message] of messages.entries()) {
    const path = `messages.${index}`;
    only(message, ['role', 'content', 'name'], path);
    if (message.role === 'system' || message.role === 'developer') {
      if (message.role === 'developer' && !THINKS.test(model))
        throw new Objection(`${path}: role of other models`);
      system += text(message.content, `${path}.content`);
    } else if (message.role === 'user') {
      await readUser(message.content, `${path}.content`, seen);
    } else {
      throw new Objection(`${path}.role: not expected here`);
    }
  }
  const asked: Asked = {
    model,
    system,
    ...seen,
    schema: responseSchema(body.response_format),
    temperature: number(body.temperature, 'temperature', 0, 2),
    maxOutputTokens: longest(body, model),
    logProbabilities: body.logprobs === true,
  };
  return { asked, topLogProbabilities };
}

async function readUser(
  content: unknown,
  path: string,
  seen: { texts: string[]; images: SeenImage[]; order: ('text' | 'image')[] },
): Promise<void> {
  const parts = typeof content === 'string' ? [{ type: 'text', text: content }] : list(content, path);
  for (const [index, part] of parts.entries()) {
    const at = `${path}.${index}`;
    const fields = object(part, at);
    if (fields.type === 'text') {
      only(fields, ['type', 'text'], at);
      seen.texts.push(text(fields.text, `${at}.text`));
      seen.order.push('text');
    } else if (fields.type === 'image_url') {
      only(fields, ['type', 'image_url'], at);
      const address = object(fields.image_url, `${at}.image_url`);
      only(address, ['url', 'detail'], `${at}.image_url`);
      seen.images.push(await imageOfDataUri(address.url, `${at}.image_url.url`));
      seen.order.push('image');
    } else {
      throw new Objection(`${at}.type: not expected here`);
    }
  }
}

function sampling(body: Fields, model: string): number {
  if (THINKS.test(model)) {
    if (body.temperature !== undefined && body.temperature !== 1) {
      throw new Objection(`temperature: ${model} takes its own alone`, 400, 'unsupported_value');
    }
    if (body.logprobs !== undefined) {
      throw new Objection('You are not allowed to request logprobs from this model', 403);
    }
  }
  if (body.logprobs !== undefined && typeof body.logprobs !== 'boolean')
    throw new Objection('logprobs: a boolean');
  const top = number(body.top_logprobs, 'top_logprobs', 0, 20);
  if (top !== undefined && body.logprobs !== true) throw new Objection('top_logprobs: wants logprobs');
  return top ?? 0;
}

function longest(body: Fields, model: string): number | undefined {
  if (body.max_tokens !== undefined && THINKS.test(model)) {
    throw new Objection(
      'max_tokens: use max_completion_tokens with this model',
      400,
      'unsupported_parameter',
    );
  }
  const bounds = [1, 128_000] as const;
  return (
    number(body.max_completion_tokens, 'max_completion_tokens', ...bounds) ??
    number(body.max_tokens, 'max_tokens', ...bounds)
  );
}

function responseSchema(value: unknown): unknown {
  if (value === undefined) return undefined;
  const format = object(value, 'response_format');
  if (format.type === 'json_object' || format.type === 'text') return undefined;
  if (format.type !== 'json_schema') throw new Objection('response_format.type: no such format');
  const named = object(format.json_schema, 'response_format.json_schema');
  only(named, ['name', 'schema', 'strict', 'description'], 'response_format.json_schema');
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(String(named.name)))
    throw new Objection('response_format.json_schema.name');
  const schema = object(named.schema, 'response_format.json_schema.schema');
  if (schema.type !== 'object')
    throw new Objection('response_format.json_schema.schema: an object at its root');
  if (named.strict === true) strictSchema(schema, 'response_format.json_schema.schema');
  return schema;
}
