import { credential, type Fields, image, list, number, object, only, strictSchema, text } from './checks.ts';
import { anthropicImageTokens } from './image-tokens.ts';
import type { ScriptedReply, SeenImage } from './script.ts';
import { countTokens } from './tokens.ts';
import {
  type Asked,
  type Dialect,
  type ErrorOptions,
  Objection,
  retryAfter,
  type WireReply,
} from './wire.ts';

const VERSION = '2023-06-01';

const TYPES: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  402: 'billing_error',
  403: 'permission_error',
  404: 'not_found_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  504: 'timeout_error',
  529: 'overloaded_error',
};

/** Fields of a request for a message. */
const KNOWN =
  'model messages max_tokens system metadata stop_sequences stream temperature thinking tool_choice tools top_k top_p container service_tier output_config cache_control inference_geo'.split(
    ' ',
  );

/** Models that take no temperature. */
const FIXED_TEMPERATURE = /claude-(opus-4-[78]|(opus|sonnet|haiku|fable)-5)/;

/** Tokens of the system prompt that comes with a tool that has to be used, as Anthropic's page on tools says. */
const TOOL_PROMPT = 346;

/** A question, and whether its answer goes into a tool. */
interface Read {
  readonly asked: Asked;
  readonly tool: string | undefined;
}

/** Anthropic's messages. */
export const anthropic: Dialect = {
  base: '/v1',
  async handle(request, stage) {
    if (request.method !== 'POST' || request.path !== '/messages') throw new Objection('Not Found', 404);
    credential(request.headers['x-api-key'], stage.key);
    if (request.headers['anthropic-version'] !== VERSION)
      throw new Objection('anthropic-version: header is required');
    const { asked, tool } = await readMessage(request.json);
    return answer({ asked, tool }, await stage.ask(asked));
  },
  error,
};

function error(status: number, message: string, options: ErrorOptions = {}): WireReply {
  const type = options.code ?? TYPES[status] ?? (status < 500 ? 'invalid_request_error' : 'api_error');
  const body = { type: 'error', error: { type, message }, request_id: 'req_scripted' };
  return { status, headers: { 'request-id': 'req_scripted', ...retryAfter(options) }, body };
}

async function readMessage(json: unknown): Promise<Read> {
  const body = object(json, 'body');
  only(body, KNOWN, 'body');
  const model = text(body.model, 'model');
  const maxOutputTokens = number(body.max_tokens, 'max_tokens', 1, 128_000);
  if (maxOutputTokens === undefined) throw new Objection('max_tokens: Field required');
  if (body.temperature !== undefined && FIXED_TEMPERATURE.test(model)) {
    throw new Objection('temperature: not supported by this model');
  }
  const messages = list(body.messages, 'messages');
  const message = object(messages[0], 'messages.0');
  if (messages.length !== 1 || message.role !== 'user')
    throw new Objection('messages: one of the user is expected');
  only(message, ['role', 'content'], 'messages.0');
  const { schema, tool } = structure(body);
  const asked: Asked = {
    model,
    system: systemText(body.system),
    ...(await readContent(message.content)),
    schema,
    temperature: number(body.temperature, 'temperature', 0, 1),
    maxOutputTokens,
    logProbabilities: false,
  };
  return { asked, tool };
}

function systemText(system: unknown): string {
  if (system === undefined) return '';
  if (typeof system === 'string') return text(system, 'system');
  const blocks = list(system, 'system').map((block, index) => object(block, `system.${index}`));
  return blocks.map((block, index) => text(block.text, `system.${index}.text`)).join('\n');
}

async function readContent(content: unknown): Promise<Pick<Asked, 'texts' | 'images' | 'order'>> {
  const texts: string[] = [];
  const images: SeenImage[] = [];
  const order: ('text' | 'image')[] = [];
  const blocks =
    typeof content === 'string' ? [{ type: 'text', text: content }] : list(content, 'messages.0.content');
  for (const [index, value] of blocks.entries()) {
    const path = `messages.0.content.${index}`;
    const block = object(value, path);
    if (block.type === 'text') {
      only(block, ['type', 'text', 'cache_control'], path);
      texts.push(text(block.text, `${path}.text`));
      order.push('text');
    } else if (block.type === 'image') {
      only(block, ['type', 'source', 'cache_control'], path);
      const source = object(block.source, `${path}.source`);
      only(source, ['type', 'media_type', 'data'], `${path}.source`);
      if (source.type !== 'base64') throw new Objection(`${path}.source.type: only base64 is taken here`);
      images.push(await image(source.data, source.media_type, `${path}.source`));
      order.push('image');
    } else {
      throw new Objection(`${path}.type: not expected here`);
    }
  }
  return { texts, images, order };
}

/** How the answer is to be structured: by a format, or by a tool that has to be used. */
function structure(body: Fields): { schema: unknown; tool: string | undefined } {
  if (body.output_config !== undefined) {
    const config = object(body.output_config, 'output_config');
    only(config, ['format', 'effort', 'task_budget'], 'output_config');
    const format = object(config.format, 'output_config.format');
    if (format.type !== 'json_schema') throw new Objection('output_config.format.type: no such format');
    strictSchema(format.schema, 'output_config.format.schema');
    return { schema: format.schema, tool: undefined };
  }
  if (body.tools === undefined) return { schema: undefined, tool: undefined };
  const tool = object(list(body.tools, 'tools')[0], 'tools.0');
  only(tool, ['name', 'description', 'input_schema', 'type', 'cache_control', 'strict'], 'tools.0');
  const schema = object(tool.input_schema, 'tools.0.input_schema');
  if (schema.type !== 'object') throw new Objection('tools.0.input_schema.type: object is expected');
  const choice = object(body.tool_choice, 'tool_choice');
  if (choice.type !== 'any' && choice.type !== 'tool')
    throw new Objection('tool_choice.type: the tool is not forced');
  return { schema, tool: text(tool.name, 'tools.0.name') };
}

function answer(read: Read, reply: ScriptedReply): WireReply {
  switch (reply.kind) {
    case 'json':
      return message(read, JSON.stringify(reply.json), reply.json);
    case 'text':
      return message(read, reply.text);
    case 'cut':
      return done(
        read,
        [{ type: 'text', text: '{"answers":[{"id":"' }],
        'max_tokens',
        read.asked.maxOutputTokens ?? 1,
      );
    case 'refused': {
      if (reply.of === 'input') return done(read, [], 'refusal', 0);
      const words = reply.message ?? 'I cannot help with that.';
      return done(read, [{ type: 'text', text: words }], 'refusal', countTokens(words));
    }
    case 'status':
      return error(reply.status, reply.message ?? `Status ${reply.status}`, reply);
    default:
      return reply.kind;
  }
}

/** An answer in words, or where a tool has to be used, in the tool. */
function message(read: Read, words: string, input?: object): WireReply {
  const used = countTokens(words);
  if (read.tool === undefined || input === undefined) {
    return done(read, [{ type: 'text', text: words }], 'end_turn', used);
  }
  const block = { type: 'tool_use', id: 'toolu_scripted', name: read.tool, input };
  return done(read, [block], 'tool_use', used);
}

function done(
  { asked, tool }: Read,
  content: readonly object[],
  stop: string,
  outputTokens: number,
): WireReply {
  const words = [asked.system, ...asked.texts].reduce((sum, part) => sum + countTokens(part), 0);
  const pixels = asked.images.reduce((sum, image) => sum + anthropicImageTokens(asked.model, image), 0);
  const schema = asked.schema === undefined ? 0 : countTokens(JSON.stringify(asked.schema));
  const body = {
    id: 'msg_scripted',
    type: 'message',
    role: 'assistant',
    model: asked.model,
    content,
    stop_reason: stop,
    stop_sequence: null,
    usage: {
      input_tokens: words + pixels + schema + (tool === undefined ? 0 : TOOL_PROMPT),
      output_tokens: outputTokens,
      cache_creation_input_tokens: 0,
      cache_read_input_tokens: 0,
      service_tier: 'standard',
    },
  };
  return { status: 200, headers: { 'request-id': 'req_scripted' }, body };
}
